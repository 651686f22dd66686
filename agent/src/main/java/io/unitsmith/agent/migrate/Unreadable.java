package io.unitsmith.agent.migrate;

/** What PHP-FPM would not start with; the message says why. */
final class Unreadable extends Exception {

    Unreadable(String why) {
        super(why);
    }
}
