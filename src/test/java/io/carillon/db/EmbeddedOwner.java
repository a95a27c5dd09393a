package io.carillon.db;

import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;

/**
 * A process that owns an embedded database and commits one row after another, saying each number
 * once it is committed. Ends only by being killed.
 */
final class EmbeddedOwner {
  private EmbeddedOwner() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    EmbeddedMariaDb database =
        EmbeddedMariaDb.start(Path.of(arguments[0]), 0, Path.of(arguments[1]));
    try (Connection connection =
        DriverManager.getConnection(database.url(), database.user(), database.password())) {
      connection
          .createStatement()
          .execute("CREATE TABLE IF NOT EXISTS kept (n BIGINT PRIMARY KEY) ENGINE = InnoDB");
      PreparedStatement insert = connection.prepareStatement("INSERT INTO kept VALUES (?)");
      for (long n = 1; ; n++) {
        insert.setLong(1, n);
        insert.executeUpdate();
        out.println("committed " + n);
        out.flush();
      }
    }
  }
}
