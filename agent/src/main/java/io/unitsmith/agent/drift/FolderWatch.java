package io.unitsmith.agent.drift;

import io.unitsmith.agent.files.AtomicFiles;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches folders by inotify (7), and tells a listener of changes. What the agent itself writes is a change like any other. */
public final class FolderWatch implements Watch, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);

    /** Names that come and go while the agent writes and checks. */
    private static final String[] PASSING = {".unitsmith-", "unitsmith-check-"};

    private final AtomicFiles files;
    private final WatchService service;
    private final Map<String, WatchKey> keys = new HashMap<>();
    private final Set<String> changes = new HashSet<>();
    private boolean complete = true;
    private boolean overflown;
    private volatile Runnable listener = () -> {};

    private FolderWatch(AtomicFiles files, WatchService service) {
        this.files = files;
        this.service = service;
    }

    /** Starts to watch; where the kernel refuses, the host is looked at every few seconds instead. */
    public static Watch start(AtomicFiles files) {
        try {
            FolderWatch watch =
                    new FolderWatch(files, files.at("/").getFileSystem().newWatchService());
            Thread.ofPlatform().name("watch").daemon().start(watch::run);
            return watch;
        } catch (IOException e) {
            LOG.warn("changes on this host are noticed only every few seconds: {}", e.getMessage());
            return Watch.NONE;
        }
    }

    @Override
    public void onChange(Runnable changed) {
        listener = changed;
    }

    @Override
    public synchronized void follow(Set<String> folders) {
        boolean before = complete;
        complete = true;
        keys.entrySet().removeIf(entry -> {
            boolean gone = !folders.contains(entry.getKey());
            if (gone) {
                entry.getValue().cancel();
            }
            return gone;
        });
        for (String folder : folders) {
            try {
                follow(folder);
            } catch (IOException e) {
                complete = false;
                if (before) {
                    LOG.warn("{} cannot be watched, so changes are noticed only every few seconds: {}", folder, e);
                }
            }
        }
    }

    /** Again and again: a folder that was removed and made anew is another one to inotify. */
    private void follow(String folder) throws IOException {
        Path path = files.at(folder);
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            keys.put(
                    folder,
                    path.register(
                            service,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_DELETE));
        } catch (NoSuchFileException e) {
            LOG.debug("{} is gone already", folder);
        }
    }

    @Override
    public synchronized Optional<Set<String>> changes() {
        Optional<Set<String>> known = complete && !overflown ? Optional.of(Set.copyOf(changes)) : Optional.empty();
        changes.clear();
        overflown = false;
        return known;
    }

    private void run() {
        try {
            while (true) {
                take(service.take());
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            LOG.debug("the watch is over");
        }
    }

    private void take(WatchKey key) {
        boolean news = false;
        for (WatchEvent<?> event : key.pollEvents()) {
            news |= note((Path) key.watchable(), event);
        }
        key.reset();
        if (news) {
            listener.run();
        }
    }

    private synchronized boolean note(Path folder, WatchEvent<?> event) {
        if (!(event.context() instanceof Path name)) {
            overflown = true;
            return true;
        }
        for (String passing : PASSING) {
            if (name.toString().startsWith(passing)) {
                return false;
            }
        }
        return changes.add(files.name(folder.resolve(name)));
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
