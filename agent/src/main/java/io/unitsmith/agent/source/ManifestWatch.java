package io.unitsmith.agent.source;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells when something happens in folders, also in those that come later. A hint and no more: whoever hears it looks. */
final class ManifestWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ManifestWatch.class);
    private static final long LOOK_FOR_NEW_SECONDS = 2;

    private final List<Path> folders;
    private final Runnable listener;
    private final Map<Path, WatchKey> keys = new HashMap<>();
    private final WatchService service;

    ManifestWatch(List<Path> folders, Runnable listener) throws IOException {
        this.folders = folders;
        this.listener = listener;
        this.service = FileSystems.getDefault().newWatchService();
        Thread.ofPlatform().name("manifests").daemon().start(this::watch);
    }

    private void watch() {
        try {
            while (true) {
                register();
                @Nullable WatchKey key = service.poll(LOOK_FOR_NEW_SECONDS, TimeUnit.SECONDS);
                if (key != null) {
                    key.pollEvents();
                    key.reset();
                    listener.run();
                }
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            LOG.debug("the folders are not watched any more");
        }
    }

    private void register() {
        for (Path folder : folders) {
            @Nullable WatchKey key = keys.get(folder);
            if ((key == null || !key.isValid()) && Files.isDirectory(folder)) {
                try {
                    keys.put(
                            folder,
                            folder.register(
                                    service,
                                    StandardWatchEventKinds.ENTRY_CREATE,
                                    StandardWatchEventKinds.ENTRY_MODIFY,
                                    StandardWatchEventKinds.ENTRY_DELETE));
                    listener.run();
                } catch (IOException e) {
                    LOG.warn("{} cannot be watched, and is looked at every few seconds: {}", folder, e.getMessage());
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
