package io.unitsmith.agent.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;

/** A token of a ServiceAccount: a JSON Web Token, whose dates anybody can read. */
public record Token(String text) {

    /** When half of its life is over; the epoch for one that cannot be read. */
    public Instant halfTime() {
        JsonNode claims = claims();
        long issued = claims.path("iat").asLong();
        return Instant.ofEpochSecond(issued + (claims.path("exp").asLong() - issued) / 2);
    }

    public Instant expires() {
        return Instant.ofEpochSecond(claims().path("exp").asLong());
    }

    private JsonNode claims() {
        String[] parts = text.split("\\.", -1);
        try {
            return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(parts.length == 3 ? parts[1] : ""));
        } catch (IOException | IllegalArgumentException e) {
            return new ObjectMapper().createObjectNode();
        }
    }

    /** Without the token, so that it cannot get into a log. */
    @Override
    public String toString() {
        return "a token that expires at " + expires();
    }
}
