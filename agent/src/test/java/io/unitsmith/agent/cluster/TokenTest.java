package io.unitsmith.agent.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class TokenTest {

    @Test
    void halfOfItsLifeIsBetweenIssueAndExpiry() {
        Token token = token("{\"iat\":1000,\"exp\":3000}");

        assertThat(token.halfTime()).isEqualTo(Instant.ofEpochSecond(2000));
        assertThat(token.expires()).isEqualTo(Instant.ofEpochSecond(3000));
    }

    @Test
    void oneThatCannotBeReadIsToBeRenewedAtOnce() {
        assertThat(new Token("garbage").halfTime()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void itsTextDoesNotGetIntoALog() {
        Token token = token("{\"iat\":1000,\"exp\":3000}");

        assertThat(token.toString()).doesNotContain(token.text());
    }

    private static Token token(String claims) {
        var base64 = Base64.getUrlEncoder().withoutPadding();
        return new Token("e30." + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + ".c2ln");
    }
}
