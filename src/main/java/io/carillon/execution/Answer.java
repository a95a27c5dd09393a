package io.carillon.execution;

/**
 * What is kept of a target's answer.
 *
 * @param body at most 16 KiB (UTF-8), decoded leniently; data, never markup
 * @param truncated whether there was more
 */
public record Answer(String body, boolean truncated) {
  public static final int MOST_BYTES = 16 * 1024;
}
