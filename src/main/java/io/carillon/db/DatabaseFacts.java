package io.carillon.db;

/**
 * What was read from the database at start, for {@code /healthz}.
 *
 * @param product {@code MySQL} or {@code MariaDB}
 * @param version as the server says it
 * @param isolation the effective level of our connections
 * @param durable false if a committed job can be lost by a crash of the database host ({@code
 *     innodb_flush_log_at_trx_commit} is not 1)
 * @param maxConnections of the server, for all nodes and everybody else
 * @param embedded true if the server is a child process of ours
 */
public record DatabaseFacts(
    String product,
    String version,
    String isolation,
    boolean durable,
    int maxConnections,
    boolean embedded) {

  /** Whether the server ends transactions that are idle for longer than our sessions allow. */
  public boolean endsIdleTransactions() {
    return product.equals("MariaDB");
  }
}
