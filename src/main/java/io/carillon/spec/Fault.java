package io.carillon.spec;

/**
 * One thing that is wrong with a request's body.
 *
 * @param pointer to the place (RFC 6901); empty for the whole body
 * @param code stable
 * @param detail for people, in plain English
 */
public record Fault(String pointer, String code, String detail) {}
