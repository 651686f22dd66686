package io.unitsmith.agent.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.files.AtomicFiles;
import io.unitsmith.agent.files.Checkpoint;
import io.unitsmith.agent.unit.VerifyReport.Complaint;
import io.unitsmith.agent.workload.Rendering;
import io.unitsmith.agent.workload.Rendering.Effect;
import io.unitsmith.agent.workload.Rendering.File;
import io.unitsmith.agent.workload.Rendering.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done around systemd-analyze; what that says of real units is seen on a real host. */
class UnitVerifierTest {

    @TempDir
    private Path root;

    private Path program;
    private UnitVerifier verifier;

    @BeforeEach
    void setUp() throws IOException {
        Files.createDirectories(root.resolve("run"));
        program = root.resolve("analyze");
        verifier = new UnitVerifier(new AtomicFiles(root, Checkpoint.NONE), program);
    }

    @Test
    void manyUnitsTakeOneProcessAndNothingIsLeft() throws IOException {
        // complains of every file that has "bad" in it, and counts its starts
        program("""
                echo start >>%s/starts
                cd "$(dirname "$3")"
                grep -rn bad . | sed "s|^\\./|$PWD/|; s|:bad|: bad|" >&2
                """.formatted(root));
        assertThat(verifier.complaints(List.of(pool("a", "fine"), pool("b", "bad"), pool("c", "fine"))))
                .containsExactly(
                        List.of(), List.of(new Complaint("p@b.service.d/unitsmith.conf", 1, "bad")), List.of());
        assertThat(Files.readAllLines(root.resolve("starts"))).hasSize(1);
        assertThat(root.resolve("run/unitsmith/check/units")).doesNotExist();
    }

    @Test
    void twoRevisionsOfOnePoolAreToldApart() throws IOException {
        program("cd \"$(dirname \"$3\")\"; grep -rn bad . | sed \"s|^\\./|$PWD/|; s|:bad|: bad|\"");
        assertThat(verifier.complaints(List.of(pool("a", "fine"), pool("a", "bad"))))
                .containsExactly(List.of(), List.of(new Complaint("p@a.service.d/unitsmith.conf", 1, "bad")));
    }

    @Test
    void aHostWithoutTheProgramAcceptsUnitsUnseen() throws IOException {
        assertThat(verifier.complaints(List.of(pool("a", "bad")))).containsExactly(List.of());
    }

    private void program(String script) throws IOException {
        Files.writeString(program, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Rendering pool(String instance, String dropIn) {
        return new Rendering(
                List.of(file("p@.service", "template"), file("p@" + instance + ".service.d/unitsmith.conf", dropIn)),
                "p@" + instance + ".socket",
                "p@" + instance + ".service",
                Optional.empty());
    }

    private static File file(String name, String content) {
        return new File("/etc/systemd/system/" + name, Layer.DROP_IN, Effect.NONE, content, 0644, null);
    }
}
