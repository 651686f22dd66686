package io.unitsmith.agent.supervise;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** sd_notify(3): Java has no datagrams over UNIX sockets. */
final class Notification {

    private static final Logger LOG = LoggerFactory.getLogger(Notification.class);

    private static final MethodHandle NOTIFY = function();

    private Notification() {}

    @SuppressWarnings("restricted")
    private static MethodHandle function() {
        return Linker.nativeLinker()
                .downcallHandle(
                        SymbolLookup.libraryLookup("libsystemd.so.0", Arena.global())
                                .findOrThrow("sd_notify"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    }

    /** Sends assignments such as {@code READY=1}, one a line. One that is not heard is not missed: the next one is. */
    static void send(String assignments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(assignments);
            int result = (int) NOTIFY.invokeExact(0, text);
            if (result < 0) {
                LOG.warn("systemd could not be notified of {}: errno {}", assignments, -result);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
