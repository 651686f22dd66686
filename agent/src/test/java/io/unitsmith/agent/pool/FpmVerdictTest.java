package io.unitsmith.agent.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.unitsmith.agent.source.InvalidManifests;
import io.unitsmith.agent.source.Manifests;
import io.unitsmith.api.v1alpha1.HostFacts.Php;
import io.unitsmith.api.v1alpha1.PhpFpmPoolSpec;
import io.unitsmith.api.v1alpha1.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The output is what PHP-FPM 8.2 and 8.4 really printed. */
class FpmVerdictTest {

    private static final String MANIFEST = """
            apiVersion: unitsmith.io/v1alpha1
            kind: PhpFpmPool
            metadata: {name: shop, namespace: customer-a}
            spec:
              hostNames: [web-1]
              user: alice
              phpVersion: "8.4"
              chdir: /home/alice/nope
              env: {API_KEY: s3cret}
              phpValues: {memory_limit: 1G}
              accessLog: {enabled: true, format: "%Z"}
            """;

    @Test
    void aMissingDirectoryIsNamedWithItsField() throws InvalidManifests {
        assertThat(explain("""
                        [ERROR] [pool customer-a.shop] the chdir path '/home/alice/nope' does not exist or is not a directory
                        [ERROR] failed to post process the configuration
                        [ERROR] FPM initialization failed
                        """))
                .isEqualTo(
                        new Problem(
                                "DirectoryNotFound",
                                "spec.chdir",
                                "\"/home/alice/nope\" does not exist on this host, or is not a directory: create it, or name one that exists"));
    }

    @Test
    void aComplaintAboutALineNamesTheFieldThatTheLineIsFrom() throws InvalidManifests {
        assertThat(explain(complaintAbout("php_value")))
                .isEqualTo(new Problem(
                        "ConfigRejected",
                        "spec.phpValues.memory_limit",
                        "php-fpm -t says: unknown entry 'foo', at \"php_value['memory_limit'] = '1G'\""));
    }

    @Test
    void aVariablesValueIsNotRepeated() throws InvalidManifests {
        assertThat(explain(complaintAbout("env")))
                .isEqualTo(new Problem(
                        "ConfigRejected",
                        "spec.env.API_KEY",
                        "php-fpm -t says: unknown entry 'foo', at \"env['API_KEY']\""));
    }

    @Test
    void aComplaintThatNamesADirectiveNamesItsField() throws InvalidManifests {
        assertThat(explain("""
                        [22-Nov-2026 11:14:36] WARNING: Invalid token in the access.format (%Z)
                        [22-Nov-2026 11:14:36] ERROR: [pool customer-a.shop] wrong format for access.format '%Z'
                        """))
                .isEqualTo(
                        new Problem(
                                "ConfigRejected",
                                "spec.accessLog.format",
                                "php-fpm -t says: [pool customer-a.shop] wrong format for access.format '%Z', at \"access.format = '%Z'\""));
    }

    @Test
    void anotherComplaintIsRepeated() throws InvalidManifests {
        assertThat(explain("""
                        [ALERT] [pool customer-a.shop] pm.max_spare_servers(2) must not be less than pm.min_spare_servers(3)
                        [ERROR] FPM initialization failed
                        """))
                .isEqualTo(
                        new Problem(
                                "ConfigRejected",
                                null,
                                "php-fpm -t says: [pool customer-a.shop] pm.max_spare_servers(2) must not be less than pm.min_spare_servers(3)"));
    }

    @Test
    void aLineThatTheConfigurationDoesNotHaveIsNoReasonToFail() throws InvalidManifests {
        assertThat(explain("[x] ERROR: [/tmp/pool.conf:99999999999] unknown entry 'foo'")
                        .message())
                .isEqualTo("php-fpm -t says: [/tmp/pool.conf:99999999999] unknown entry 'foo'");
    }

    @Test
    void silenceAndFloodAreBoundedSentences() throws InvalidManifests {
        assertThat(explain("").message()).contains("without a word");
        assertThat(explain("x".repeat(100_000)).message()).hasSizeLessThan(500);
    }

    private static String complaintAbout(String directive) throws InvalidManifests {
        List<String> lines = config().text().lines().toList();
        int number = 0;
        while (!lines.get(number).startsWith(directive + "[")) {
            number++;
        }
        return "[22-Nov-2026 11:14:36] ERROR: [/run/check/pool.conf:%d] unknown entry 'foo'\n[22-Nov-2026 11:14:36] ERROR: FPM initialization failed\n"
                .formatted(number + 1);
    }

    private static Problem explain(String output) throws InvalidManifests {
        return new FpmVerdict(spec(), config()).explain(output);
    }

    private static FpmConfig config() throws InvalidManifests {
        var manifest = Manifests.read(Map.of("in.yaml", MANIFEST)).getFirst();
        return FpmConfig.of(
                manifest.workload(), spec(), new Php("8.4", "/usr/sbin/php-fpm8.4", "8.4.24", true), Map.of());
    }

    private static PhpFpmPoolSpec spec() throws InvalidManifests {
        return Manifests.read(Map.of("in.yaml", MANIFEST)).getFirst().content().phpFpmPool();
    }
}
