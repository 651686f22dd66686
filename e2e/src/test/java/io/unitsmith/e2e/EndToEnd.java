package io.unitsmith.e2e;

import io.unitsmith.testbed.TestbedExtension;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test of the whole: the shared test bed is a constructor's argument, and a failure brings along what is known of it. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith({TestbedExtension.class, Evidence.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
@interface EndToEnd {}
