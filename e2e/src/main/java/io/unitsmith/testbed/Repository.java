package io.unitsmith.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Properties;

/** Where the build has put what the test bed runs. */
final class Repository {

    private static final Properties BUILD = load(resource("build.properties"));
    private static final Path ROOT = Path.of(BUILD.getProperty("root")).normalize();
    private static final Properties IMAGES = load(open(runFolder().resolve("images.env")));

    private Repository() {}

    static String clusterImage() {
        return image("UNITSMITH_CLUSTER_IMAGE");
    }

    static String hostImage(String suite) {
        return image("UNITSMITH_HOST_IMAGE") + ":" + suite;
    }

    static String vmImage() {
        return image("UNITSMITH_VM_IMAGE");
    }

    /** A folder with a disk that machines begin with: that of a suite's hosts, or of file servers. */
    static Path diskFolder(String name) {
        Path folder = ROOT.resolve("testbed/.build/vm").resolve(name);
        if (Files.notExists(folder.resolve("disk.img"))) {
            throw new IllegalStateException("there is no disk for machines: run testbed/images vm");
        }
        return folder;
    }

    static String version() {
        return BUILD.getProperty("version");
    }

    static Path chart() {
        return built(ROOT.resolve("helm/unitsmith"));
    }

    static Path operatorImage() {
        return built(ROOT.resolve("operator/target/jib-image.tar"));
    }

    /** The name that the build has given to what is in {@link #operatorImage()}. */
    static String operatorImageName() {
        return "docker.io/unitsmith/operator:" + version();
    }

    static Path agentPackage() {
        return built(ROOT.resolve("agent/target/unitsmith-agent_%s_amd64.deb".formatted(version())));
    }

    /** What belongs to the demo on this machine; never committed. */
    static Path runFolder() {
        return ROOT.resolve("testbed/.run");
    }

    static String text(String resource) {
        try (InputStream stream = resource(resource)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Twelve hex digits that change with the content. */
    static String digest(Path file) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(hash).substring(0, 12);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String image(String key) {
        return Objects.requireNonNull(IMAGES.getProperty(key), key);
    }

    private static Path built(Path path) {
        if (!Files.exists(path)) {
            throw new IllegalStateException("%s is missing: run `make build`".formatted(ROOT.relativize(path)));
        }
        return path;
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(Repository.class.getResourceAsStream(name), name);
    }

    private static InputStream open(Path file) {
        try {
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw new UncheckedIOException("run testbed/engine and testbed/images first", e);
        }
    }

    private static Properties load(InputStream stream) {
        Properties properties = new Properties();
        try (stream) {
            properties.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
