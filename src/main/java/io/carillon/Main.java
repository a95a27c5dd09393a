package io.carillon;

/** Starts the server: arguments to configuration to a running {@code Server}. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {}
}
