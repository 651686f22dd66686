package io.unitsmith.testbed;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * For a test class whose hosts are its own, outside of the cluster (or else it {@link NeedsTheCluster}), under names that nothing
 * else has: it runs beside the classes that share the test bed. Its own tests run one after the other, and of all such classes one at a time.
 *
 * <p>Both come of the lock: JUnit runs what is within a node that has one in a single thread, and has each lock held once.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(BesideTheOthers.LANE)
public @interface BesideTheOthers {

    String LANE = "the lane beside the shared test bed";
}
