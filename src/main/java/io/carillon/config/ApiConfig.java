package io.carillon.config;

/**
 * Limits of the HTTP API.
 *
 * @param rate calls per second for each key or address; 0 is without a limit
 * @param maxBody bytes of a request body
 * @param maxBulkBody bytes of the body of a batch
 */
public record ApiConfig(int rate, long maxBody, long maxBulkBody) {}
