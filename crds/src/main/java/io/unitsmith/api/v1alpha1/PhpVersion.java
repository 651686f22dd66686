package io.unitsmith.api.v1alpha1;

/** A PHP version as specs name it, such as {@code 8.4}. */
public record PhpVersion(int major, int minor) {

    /** The version that a text of the form major.minor names, both numbers. */
    public static PhpVersion of(String text) {
        int dot = text.indexOf('.');
        return new PhpVersion(Integer.parseInt(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
    }

    /** Whether it is that version or a newer one. */
    public boolean isAtLeast(int otherMajor, int otherMinor) {
        return major > otherMajor || (major == otherMajor && minor >= otherMinor);
    }
}
