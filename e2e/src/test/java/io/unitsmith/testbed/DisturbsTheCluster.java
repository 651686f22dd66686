package io.unitsmith.testbed;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** For a test class that takes the API or the operator away for a while: not while one beside it {@link NeedsTheCluster}. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ResourceLock(value = DisturbsTheCluster.CLUSTER, mode = ResourceAccessMode.READ_WRITE)
public @interface DisturbsTheCluster {

    String CLUSTER = "the cluster of the shared test bed";
}
