package io.unitsmith.agent;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.TemporalAmount;
import org.junit.jupiter.api.Test;

/** The arrows between the agent's rooms. */
class ArchitectureTest {

    private static final String AGENT = "io.unitsmith.agent.";

    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.unitsmith.agent");

    private static final String[] PURE = {
        AGENT + "unit..",
        AGENT + "workload..",
        AGENT + "pool..",
        AGENT + "mount..",
        AGENT + "kind..",
        AGENT + "plan..",
        AGENT + "migrate.."
    };

    @Test
    void pureRoomsKnowValuesOnly() {
        classes()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(PURE)
                        .or(resideInAnyPackage(
                                AGENT + "facts..",
                                "io.unitsmith.api..",
                                "java.lang..",
                                "java.util..",
                                "java.nio",
                                "java.nio.charset",
                                "org.jspecify.annotations"))
                        .or(belongToAnyOf(Instant.class, Duration.class, TemporalAmount.class)))
                .check(CODE);
    }

    @Test
    void theCeilingIsPureButForItsYaml() {
        classes()
                .that()
                .resideInAPackage(AGENT + "ceiling..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        AGENT + "ceiling..",
                        AGENT + "workload..",
                        AGENT + "unit..",
                        AGENT + "facts..",
                        "io.unitsmith.api..",
                        "com.fasterxml.jackson..",
                        "java.lang..",
                        "java.util..",
                        "org.jspecify.annotations"))
                .check(CODE);
    }

    @Test
    void kindsOfWorkloadsDoNotKnowEachOther() {
        slices().matching(AGENT + "(pool|mount)..")
                .should()
                .notDependOnEachOther()
                .check(CODE);
    }

    @Test
    void onlyTheRegistryKnowsTheKinds() {
        noClasses()
                .that(resideOutsideOfPackages(AGENT + "kind..", AGENT + "pool..", AGENT + "mount.."))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(AGENT + "pool..", AGENT + "mount..")
                .check(CODE);
    }

    @Test
    void onlySystemdSpeaksDBus() {
        noClasses()
                .that(resideOutsideOfPackages(AGENT + "systemd..", "org.freedesktop.."))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.freedesktop..")
                .check(CODE);
    }

    @Test
    void nothingKnowsTheOperator() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.unitsmith.operator..")
                .check(CODE);
    }
}
