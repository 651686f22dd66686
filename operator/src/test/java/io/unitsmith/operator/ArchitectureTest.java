package io.unitsmith.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private final JavaClasses operator = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.unitsmith.operator");

    @Test
    void decisionsKnowNeitherTheClientNorTheSdk() {
        classes()
                .that()
                .resideInAnyPackage("..operator.policy..", "..operator.rollout..", "..operator.status..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        "io.unitsmith.api..",
                        "..operator.policy..",
                        "..operator.rollout..",
                        "..operator.status..")
                .check(operator);
    }

    @Test
    void dataFlowsOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("main")
                .definedBy("io.unitsmith.operator")
                .layer("workload")
                .definedBy("..operator.workload..")
                .layer("host")
                .definedBy("..operator.host..")
                .layer("access")
                .definedBy("..operator.access..")
                .layer("cluster")
                .definedBy("..operator.cluster..")
                .layer("status")
                .definedBy("..operator.status..")
                .layer("rollout")
                .definedBy("..operator.rollout..")
                .layer("policy")
                .definedBy("..operator.policy..")
                .whereLayer("main")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("workload")
                .mayOnlyBeAccessedByLayers("main")
                .whereLayer("host")
                .mayOnlyBeAccessedByLayers("main", "workload")
                .whereLayer("access")
                .mayOnlyBeAccessedByLayers("main", "workload", "host")
                .whereLayer("cluster")
                .mayOnlyBeAccessedByLayers("main", "workload", "host", "access")
                .whereLayer("status")
                .mayOnlyBeAccessedByLayers("workload")
                .whereLayer("rollout")
                .mayOnlyBeAccessedByLayers("workload", "host", "status")
                .whereLayer("policy")
                .mayOnlyBeAccessedByLayers("workload", "rollout", "status")
                .check(operator);
    }
}
