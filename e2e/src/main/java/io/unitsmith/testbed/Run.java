package io.unitsmith.testbed;

import java.util.Map;

/**
 * One use of the test bed, told from others on the same machine by its name, which is in the name and in a label of
 * everything that it makes.
 *
 * @param kept whether it outlives this process
 */
public record Run(String name, boolean kept) {

    static final String LABEL = "unitsmith.io/testbed";

    public static Run demo() {
        return new Run("demo", true);
    }

    /**
     * Named by {@code UNITSMITH_RUN}, by who can then clean up after it whatever happens here; with {@code
     * UNITSMITH_KEEP=true} it is left running for the next one of that name.
     */
    public static Run test() {
        return new Run(
                System.getenv()
                        .getOrDefault(
                                "UNITSMITH_RUN",
                                "test-" + ProcessHandle.current().pid()),
                Boolean.parseBoolean(System.getenv("UNITSMITH_KEEP")));
    }

    String network() {
        return "unitsmith-" + name;
    }

    String container(String part) {
        return "unitsmith-" + name + "-" + part;
    }

    Map<String, String> labels() {
        return Map.of(LABEL, name);
    }
}
