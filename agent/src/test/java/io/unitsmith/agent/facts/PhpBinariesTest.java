package io.unitsmith.agent.facts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhpBinariesTest {

    private static final Logger LOGGER = Logger.getLogger(PhpBinaries.class.getName());

    private final List<String> logged = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            logged.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @TempDir
    private Path root;

    @BeforeEach
    void listen() {
        LOGGER.addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        LOGGER.removeHandler(handler);
    }

    @Test
    void aBinaryThatIsMissingIsComplainedAboutOnceUntilThatChanges() {
        PhpBinaries binaries = new PhpBinaries(root);
        Map<String, String> named = Map.of("8.2", "/opt/php/8.2/usr/sbin/php-fpm8.2");

        assertThat(binaries.find(named)).isEmpty();
        assertThat(logged).anySatisfy(line -> assertThat(line).contains("phpPaths", "/opt/php/8.2", "8.2"));
        List<String> once = List.copyOf(logged);
        binaries.find(named);
        assertThat(logged).isEqualTo(once);

        binaries.find(Map.of());
        binaries.find(named);
        assertThat(logged).hasSize(2 * once.size());
    }
}
