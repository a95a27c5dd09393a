package io.carillon.security;

/**
 * Who makes a call.
 *
 * @param id stable and not secret: the first 12 hexadecimal digits of the key's SHA-256, or {@code
 *     local} where no key is asked for, {@code target} where an execution's token is
 */
public record Caller(String id) {
  /** Anyone, on a server without keys. */
  public static final Caller LOCAL = new Caller("local");

  /** A target that shows the token of one of its calls, which is yet to be checked. */
  public static final Caller TARGET = new Caller("target");
}
