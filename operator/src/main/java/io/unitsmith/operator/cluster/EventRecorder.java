package io.unitsmith.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.unitsmith.api.v1alpha1.Reason;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes Events. One that cannot be written is logged: it is no reason to stop what it tells of. */
public final class EventRecorder {

    /** What an Event is about: {@code Normal} or {@code Warning}. */
    public enum Type {
        NORMAL("Normal"),
        WARNING("Warning");

        private final String text;

        Type(String text) {
            this.text = text;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final String CONTROLLER = "unitsmith.io/operator";
    /** The API server takes exactly six digits after the point. */
    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final int NAME_LIMIT = 200;
    /** The API server allows 1 KiB, in bytes. */
    private static final int NOTE_LIMIT = 900;

    private final KubernetesClient client;
    private final String instance;
    private final Clock clock;

    /**
     * Writes in the name of this operator.
     *
     * @param instance which replica of the operator this is
     */
    public EventRecorder(KubernetesClient client, String instance, Clock clock) {
        this.client = client;
        this.instance = instance;
        this.clock = clock;
    }

    public void record(HasMetadata about, Type type, Reason reason, String note) {
        try {
            client.resource(event(about, type, reason, note)).create();
        } catch (KubernetesClientException e) {
            LOG.warn(
                    "Event {} on {} not written: {}",
                    reason.text(),
                    about.getMetadata().getName(),
                    e.getMessage());
        }
    }

    private Event event(HasMetadata about, Type type, Reason reason, String note) {
        Instant now = clock.instant();
        String name = about.getMetadata().getName();
        String namespace = about.getMetadata().getNamespace();
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(namespace == null ? "default" : namespace)
                .withName(name.substring(0, Math.min(name.length(), NAME_LIMIT)) + "."
                        + Long.toHexString(now.getEpochSecond() * 1_000_000_000 + now.getNano()))
                .endMetadata()
                .withEventTime(new MicroTime(MICROSECONDS.format(now)))
                .withType(type.text)
                .withReason(reason.text())
                .withAction("Reconcile")
                .withNote(note.substring(0, Math.min(note.length(), NOTE_LIMIT)))
                .withReportingController(CONTROLLER)
                .withReportingInstance(instance)
                .withNewRegarding()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(namespace)
                .withName(name)
                .withUid(about.getMetadata().getUid())
                .endRegarding()
                .build();
    }
}
