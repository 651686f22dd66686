package io.unitsmith.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sandbox that PHP runs in, besides the rights of its user. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Hardening(
        @JsonPropertyDescription(
                "none: no sandbox. standard: a /tmp of its own, no homes but its user's and what the spec names, no processes of others, /usr and /etc read-only. strict: standard, and nothing at all to be written but home, readWritePaths and /tmp, no setuid programs (PHP's mail() with sendmail does not work), and only system calls that services need.")
        @Default("standard")
        Profile profile,

        @JsonPropertyDescription(
                "Directories that PHP may write to, as far as its user may, although the profile forbids it.")
        @Size(max = 64)
        @ValidationRule(value = Rules.CANONICAL_PATHS, messageExpression = Rules.CANONICAL_PATHS_MESSAGE)
        List<@Size(min = 1, max = 1024) String> readWritePaths,

        @JsonPropertyDescription("PHP's own open_basedir: scripts open files in these directories only.")
        @Size(max = 64)
        @ValidationRule(value = Rules.CANONICAL_PATHS, messageExpression = Rules.CANONICAL_PATHS_MESSAGE)
        @ValidationRule(
                value = "self.all(path, !path.contains(':') && !path.contains('$pool'))",
                message = "open_basedir separates paths by colons, and PHP-FPM replaces $pool: neither can be in one")
        List<@Size(min = 1, max = 1024) String> openBasedir,

        @JsonPropertyDescription("The mode bits that files made by PHP do not get, such as \"0027\".")
        @Default("0027")
        @Size(min = 1, max = 16)
        @ValidationRule(
                value = "self.matches('^0[0-7]{3}$')",
                message = "give four octal digits in quotes, such as \"0027\"")
        String umask) {

    static final Hardening DEFAULT = new Hardening(Profile.STANDARD, null, null, "0027");

    public Hardening(
            Profile profile, @Nullable List<String> readWritePaths, @Nullable List<String> openBasedir, String umask) {
        this.profile = profile;
        this.readWritePaths = readWritePaths == null ? List.of() : readWritePaths;
        this.openBasedir = openBasedir == null ? List.of() : openBasedir;
        this.umask = umask;
    }

    /** From the weakest to the strongest. */
    public enum Profile {
        @JsonProperty("none")
        NONE,
        @JsonProperty("standard")
        STANDARD,
        @JsonProperty("strict")
        STRICT
    }
}
