package io.carillon.idempotency;

/**
 * A final answer as it was given.
 *
 * @param status of HTTP, below 500
 * @param headers name and value per line, {@code Name: value}
 * @param body as text; may be empty
 */
public record StoredAnswer(int status, String headers, String body) {}
