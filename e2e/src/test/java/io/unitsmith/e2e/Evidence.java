package io.unitsmith.e2e;

import io.unitsmith.testbed.ContainerHost;
import io.unitsmith.testbed.Testbed;
import io.unitsmith.testbed.TestbedExtension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Prints what operator, agents and systemd say at the moment of a failure, before anything is cleaned up. */
final class Evidence implements TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        print(context, failure);
        throw failure;
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        print(context, failure);
        throw failure;
    }

    private static void print(ExtensionContext context, Throwable failure) {
        System.out.println("==== " + context.getDisplayName() + " failed: " + failure.getMessage());
        TestbedExtension.running(context).ifPresent(Evidence::print);
        System.out.println("====");
    }

    private static void print(Testbed bed) {
        show(bed.cluster().kubectl("get", "unitsmith", "--all-namespaces", "--output", "wide"));
        show(bed.cluster()
                .kubectl("logs", "--namespace", "unitsmith-system", "--selector", "!none", "--prefix", "--tail=60"));
        for (ContainerHost host : bed.hosts()) {
            System.out.println("---- " + host.name());
            show(host.exec("systemctl", "list-units", "--all", "--plain", "--no-pager", "unitsmith*", "srv-*"));
            show(host.exec("journalctl", "--no-pager", "--lines", "60", "--output", "short-precise", "--quiet"));
        }
    }

    private static void show(io.unitsmith.testbed.Result result) {
        System.out.println("$ " + result.command() + "\n" + result.stdout() + result.stderr());
    }
}
