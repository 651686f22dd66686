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
        assertThat(SecretCopies.copy(secret("uid-1", data), "shop", new Whole("spec.envFrom[0].secretRef", "files")))
                .isInstanceOfSatisfying(
                        Copy.class, copy -> assertThat(copy.data()).isEqualTo(data));
    }

    @Test
    void aPoolAndAMountOfOneNameAndOneSecretHaveACopyEach() {
        Map<String, String> data = Map.of("username", "dQ==", "password", "cA==");
        Copy whole = (Copy) SecretCopies.copy(secret("uid-1", data), "uploads", new Whole("spec.envFrom", "files"));
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
                .isEqualTo(new Missing(Reason.SECRET_INVALID, "Secret \"files\" has no password"));
        assertThat(copy("uid-1", null))
                .isEqualTo(new Missing(Reason.SECRET_INVALID, "Secret \"files\" has no username and no password"));
    }

    @Test
    void aLongNameIsCutToFit() {
        Secret secret = secret("uid-1", Map.of("username", "dQ==", "password", "cA=="));
        assertThat(SecretCopies.copy(secret, "x".repeat(253), CIFS))
                .isInstanceOfSatisfying(
                        Copy.class, copy -> assertThat(copy.name().length()).isLessThanOrEqualTo(253));
    }

    private static String name(String uid, Map<String, String> data) {
        return ((Copy) copy(uid, data)).name();
    }

    private static SecretCopies.Outcome copy(String uid, Map<String, String> data) {
        return SecretCopies.copy(secret(uid, data), "uploads", CIFS);
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
