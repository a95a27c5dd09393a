package io.carillon.db;

import java.nio.file.Path;

/**
 * An embedded MariaDB whose unpacked software is kept apart from its data, so that the data can be
 * thrown away after each run of the benchmark. As thread-safe as what it holds; closing is
 * idempotent.
 */
public final class FreshMariaDb implements AutoCloseable {
  private final EmbeddedMariaDb server;

  private FreshMariaDb(EmbeddedMariaDb server) {
    this.server = server;
  }

  /**
   * Starts a server on a free port of loopback, within some seconds.
   *
   * @throws DatabaseUnusableException if there is no server for this platform or it does not start
   */
  public static FreshMariaDb start(Path data, Path software) {
    return new FreshMariaDb(EmbeddedMariaDb.start(data, 0, software));
  }

  public String url() {
    return server.url();
  }

  public String user() {
    return server.user();
  }

  public String password() {
    return server.password();
  }

  public long pid() {
    return server.pid();
  }

  @Override
  public void close() {
    server.close();
  }
}
