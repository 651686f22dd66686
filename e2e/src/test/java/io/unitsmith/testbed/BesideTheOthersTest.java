package io.unitsmith.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

class BesideTheOthersTest {

    @Test
    void whatRunsBesideTheOthersIsInTheOneLaneForIt() throws URISyntaxException {
        var classes =
                BesideTheOthers.class.getProtectionDomain().getCodeSource().getLocation();
        List<Class<?>> concurrent = ReflectionSupport.findAllClassesInClasspathRoot(
                classes.toURI(), BesideTheOthersTest::isConcurrent, name -> true);
        assertThat(concurrent)
                .as("classes that are @Execution(CONCURRENT), or have a test that is")
                .isNotEmpty()
                .allMatch(type -> type.isAnnotationPresent(BesideTheOthers.class));
    }

    @Test
    void whatRunsBesideTheOthersSaysWhetherItNeedsTheCluster() throws URISyntaxException {
        var classes =
                BesideTheOthers.class.getProtectionDomain().getCodeSource().getLocation();
        List<Class<?>> beside = ReflectionSupport.findAllClassesInClasspathRoot(
                classes.toURI(), type -> type.isAnnotationPresent(BesideTheOthers.class), name -> true);
        assertThat(beside)
                .anyMatch(BesideTheOthersTest::isGivenTheCluster)
                .allSatisfy(type -> assertThat(type.isAnnotationPresent(NeedsTheCluster.class))
                        .as(type.getName())
                        .isEqualTo(isGivenTheCluster(type)));
    }

    private static boolean isGivenTheCluster(Class<?> type) {
        return Stream.of(type.getDeclaredConstructors())
                .flatMap(constructor -> Stream.of(constructor.getParameterTypes()))
                .anyMatch(given -> given == Testbed.class || given == Cluster.class);
    }

    private static boolean isConcurrent(Class<?> type) {
        return !type.isAnnotation()
                && (AnnotationSupport.findAnnotation(type, Execution.class)
                                .filter(execution -> execution.value() == ExecutionMode.CONCURRENT)
                                .isPresent()
                        || !AnnotationSupport.findAnnotatedMethods(
                                        type, Execution.class, HierarchyTraversalMode.TOP_DOWN)
                                .isEmpty());
    }
}
