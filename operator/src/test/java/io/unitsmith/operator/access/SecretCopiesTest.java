package io.unitsmith.operator.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.unitsmith.api.v1alpha1.Reason;
import io.unitsmith.operator.access.SecretCopies.Copy;
import io.unitsmith.operator.access.SecretCopies.Keys;
import io.unitsmith.operator.access.SecretCopies.Missing;
import io.unitsmith.operator.access.SecretCopies.Need;
import io.unitsmith.operator.access.SecretCopies.Whole;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretCopiesTest {

    private static final Need CIFS =
            new Keys("spec.credentials.secretRef", "files", List.of("username", "password"), List.of("domain"));

    @Test
    void aCopyHasJustTheKeysThatAreNeeded() {
        assertThat(copy("uid-1", Map.of("username", "dQ==", "password", "cA==", "other", "eA==")))
                .isInstanceOfSatisfying(
                        Copy.class,
                        copy -> assertThat(copy.data()).isEqualTo(Map.of("username", "dQ==", "password", "cA==")));
    }

    @Test
    void aWholeSecretIsCopiedWithEmptyValuesToo() {
        Map<String, String> data = Map.of("A", "YQ==", "EMPTY", "");
        assertThat(SecretCopies.copy(
                        "shop", Map.of(new Whole("spec.envFrom[0].secretRef", "files"), secret("uid-1", data))))
                .isInstanceOfSatisfying(
                        Copy.class, copy -> assertThat(copy.data()).isEqualTo(data));
    }

    @Test
    void aPoolAndAMountOfOneNameAndOneSecretHaveACopyEach() {
        Map<String, String> data = Map.of("username", "dQ==", "password", "cA==");
        Copy whole =
                (Copy) SecretCopies.copy("uploads", Map.of(new Whole("spec.envFrom", "files"), secret("uid-1", data)));
        assertThat(whole.name()).isNotEqualTo(name("uid-1", data));
    }

    @Test
    void anotherValueIsAnotherNameAndTheSameIsTheSame() {
        Map<String, String> before = Map.of("username", "dQ==", "password", "cA==");
        Map<String, String> domain = Map.of("username", "dQ==", "password", "cA==", "domain", "ZA==");
        Map<String, String> unneeded = Map.of("username", "dQ==", "password", "cA==", "other", "eA==");
        assertThat(name("uid-1", before)).startsWith("uploads-").isEqualTo(name("uid-1", unneeded));
        assertThat(name("uid-1", domain)).isNotEqualTo(name("uid-1", before));
    }

    @Test
    void theNameDoesNotHelpToGuessThePassword() {
        Map<String, String> data = Map.of("username", "dQ==", "password", "cA==");
        assertThat(name("uid-1", data)).isNotEqualTo(name("uid-2", data));
    }

    @Test
    void aMissingOrEmptyKeyIsNamed() {
        assertThat(copy("uid-1", Map.of("username", "dQ==", "password", "")))
                .isEqualTo(new Missing(CIFS.field(), Reason.SECRET_INVALID, "Secret \"files\" has no password"));
        assertThat(copy("uid-1", null))
                .isEqualTo(new Missing(
                        CIFS.field(), Reason.SECRET_INVALID, "Secret \"files\" has no username and no password"));
    }

    @Test
    void aLongNameIsCutToFit() {
        Secret secret = secret("uid-1", Map.of("username", "dQ==", "password", "cA=="));
        assertThat(SecretCopies.copy("x".repeat(253), Map.of(CIFS, secret)))
                .isInstanceOfSatisfying(
                        Copy.class, copy -> assertThat(copy.name().length()).isLessThanOrEqualTo(253));
    }

    @Test
    void ofSeveralSecretsALaterOneWinsAndAChangeOfAnyIsAnotherCopy() {
        Copy first = several(Map.of("A", "YQ==", "BOTH", "MQ=="), Map.of("B", "Yg==", "BOTH", "Mg=="));
        assertThat(first.data()).isEqualTo(Map.of("A", "YQ==", "B", "Yg==", "BOTH", "Mg=="));
        assertThat(several(Map.of("A", "YQ==", "BOTH", "OQ=="), Map.of("B", "Yg==", "BOTH", "Mg=="))
                        .name())
                .as("another value that nobody gets")
                .isEqualTo(first.name());
        assertThat(several(Map.of("A", "YQ==", "BOTH", "MQ=="), Map.of("B", "eA==", "BOTH", "Mg=="))
                        .name())
                .isNotEqualTo(first.name());
    }

    @Test
    void whatIsTooMuchTogetherIsRefused() {
        String large = Base64.getEncoder().encodeToString(new byte[600 * 1024]);
        assertThat(SecretCopies.copy("shop", needs(Map.of("A", large), Map.of("B", large))))
                .isEqualTo(
                        new Missing(
                                "spec.envFrom[0].secretRef",
                                Reason.SECRET_INVALID,
                                "Secret \"first\", Secret \"second\" have 1228800 bytes together; at most 1048576 can be handed to a host"));
    }

    private static Copy several(Map<String, String> first, Map<String, String> second) {
        return (Copy) SecretCopies.copy("shop", needs(first, second));
    }

    private static Map<Need, Secret> needs(Map<String, String> first, Map<String, String> second) {
        Map<Need, Secret> needs = new LinkedHashMap<>();
        needs.put(new Whole("spec.envFrom[0].secretRef", "first"), secret("uid-1", first));
        needs.put(new Whole("spec.envFrom[1].secretRef", "second"), secret("uid-2", second));
        return needs;
    }

    private static String name(String uid, Map<String, String> data) {
        return ((Copy) copy(uid, data)).name();
    }

    private static SecretCopies.Outcome copy(String uid, Map<String, String> data) {
        return SecretCopies.copy("uploads", Map.of(CIFS, secret(uid, data)));
    }

    private static Secret secret(String uid, Map<String, String> data) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName("files")
                .withUid(uid)
                .endMetadata()
                .withData(data)
                .build();
    }
}
