package io.carillon.config;

/**
 * Who may follow the live events.
 *
 * @param readers most sockets and streams of this node at once; 0 lets none in
 */
public record EventsConfig(int readers) {}
