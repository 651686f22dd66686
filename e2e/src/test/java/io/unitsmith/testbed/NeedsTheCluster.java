package io.unitsmith.testbed;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** For a test class that is {@link BesideTheOthers} and has hosts of its own in the cluster: not while one {@link DisturbsTheCluster}. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ResourceLock(value = DisturbsTheCluster.CLUSTER, mode = ResourceAccessMode.READ)
public @interface NeedsTheCluster {}
