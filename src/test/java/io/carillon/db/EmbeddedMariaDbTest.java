package io.carillon.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedMariaDbTest {
  private static final Path SOFTWARE = TestDatabase.SOFTWARE.toAbsolutePath();

  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void chooseFolder() {
    folder = temporary.resolve("data");
  }

  private EmbeddedMariaDb start() {
    return EmbeddedMariaDb.start(folder, 0, SOFTWARE);
  }

  private static Connection connect(EmbeddedMariaDb database) throws SQLException {
    return DriverManager.getConnection(database.url(), database.user(), database.password());
  }

  private static String one(EmbeddedMariaDb database, String query) throws SQLException {
    try (Connection connection = connect(database)) {
      return Sql.queryOne(connection, query, row -> row.getString(1)).orElseThrow();
    }
  }

  @Test
  void keeps_its_rows_and_its_port_from_one_start_to_the_next() throws Exception {
    String url;
    try (EmbeddedMariaDb first = start();
        Connection connection = connect(first)) {
      url = first.url();
      connection.createStatement().execute("CREATE TABLE t AS SELECT 7 AS n");
    }
    long begin = System.nanoTime();
    try (EmbeddedMariaDb second = start()) {
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
      assertThat(second.url()).isEqualTo(url);
      assertThat(one(second, "SELECT n FROM t")).isEqualTo("7");
    }
  }

  @Test
  void writes_every_commit_through_and_reads_committed_rows_by_default() throws Exception {
    try (EmbeddedMariaDb database = start()) {
      assertThat(
              one(
                  database,
                  """
                  SELECT CONCAT_WS(' ', @@GLOBAL.innodb_flush_log_at_trx_commit, @@GLOBAL.innodb_doublewrite,
                    @@GLOBAL.transaction_isolation, @@GLOBAL.have_ssl)
                  """))
          .isEqualTo("1 ON READ-COMMITTED DISABLED");
    }
  }

  @Test
  void purges_with_one_thread_so_that_the_work_of_a_second_leaves_a_core_to_the_others()
      throws Exception {
    try (EmbeddedMariaDb database = start()) {
      assertThat(one(database, "SELECT @@GLOBAL.innodb_purge_threads")).isEqualTo("1");
    }
  }

  @Test
  void lets_nobody_in_without_the_password_in_the_private_file() throws Exception {
    try (EmbeddedMariaDb database = start()) {
      for (String user : List.of("root", "", "carillon", "mariadb.sys")) {
        assertThatThrownBy(() -> DriverManager.getConnection(database.url(), user, "").close())
            .as(user)
            .hasMessageContaining("Access denied");
      }
      Path access = folder.resolve("database.properties");
      assertThat(Files.readString(access)).contains("password=" + database.password());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(access)))
          .isEqualTo("rw-------");
      assertThat(database.password()).hasSize(32);
      assertThat(ProcessHandle.of(database.pid()).orElseThrow().info().commandLine().orElse(""))
          .doesNotContain(database.password());
    }
  }

  @Test
  void listens_on_loopback_only() throws Exception {
    try (EmbeddedMariaDb database = start()) {
      int port = Integer.parseInt(database.url().replaceAll(".*:(\\d+)/.*", "$1"));
      List<InetAddress> others =
          NetworkInterface.networkInterfaces()
              .flatMap(NetworkInterface::inetAddresses)
              .filter(address -> !address.isLoopbackAddress())
              .toList();
      for (InetAddress address : others) {
        assertThatThrownBy(() -> new Socket(address, port).close())
            .as(address.toString())
            .isInstanceOf(IOException.class);
      }
      assertThat(one(database, "SELECT @@bind_address")).isEqualTo("127.0.0.1");
      assertThat(one(database, "SELECT @@socket")).isEmpty();
    }
  }

  @Test
  void refuses_a_second_owner_with_one_line_and_leaves_the_first_alone() throws Exception {
    try (EmbeddedMariaDb first = start()) {
      assertThatThrownBy(this::start)
          .isInstanceOf(DatabaseUnusableException.class)
          .hasMessageStartingWith("Another Carillon (process " + ProcessHandle.current().pid())
          .hasMessageContaining("carillon.data.dir");
      assertThat(one(first, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void tells_each_owner_which_nodes_ran_before_it() {
    try (EmbeddedMariaDb first = start()) {
      assertThat(first.succeed("a")).isEmpty();
    }
    try (EmbeddedMariaDb second = start()) {
      assertThat(second.succeed("b")).containsExactly("a");
    }
    try (EmbeddedMariaDb third = start()) {
      assertThat(third.succeed("c")).containsExactly("a", "b");
    }
  }

  @Test
  void takes_over_the_server_of_a_killed_process_with_every_committed_row() throws Exception {
    Process owner = owner();
    long lastCommitted = 0;
    try (BufferedReader lines = owner.inputReader()) {
      String line = lines.readLine();
      while (line != null) {
        if (line.startsWith("committed ")) {
          lastCommitted = Long.parseLong(line.substring("committed ".length()));
        }
        if (lastCommitted == 200) {
          assertThatThrownBy(this::start)
              .hasMessageContaining("Another Carillon (process " + owner.pid() + ")");
          signal("KILL", owner.pid());
        }
        line = lines.readLine();
      }
    }
    assertThat(owner.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(lastCommitted).isGreaterThanOrEqualTo(200);
    long left = serverProcess();
    try (EmbeddedMariaDb next = start()) {
      assertThat(next.pid()).isEqualTo(left);
      assertThat(Long.parseLong(one(next, "SELECT MAX(n) FROM kept")))
          .isGreaterThanOrEqualTo(lastCommitted);
    }
    assertThat(ProcessHandle.of(left).filter(EmbeddedMariaDbTest::runs)).isEmpty();
  }

  @Test
  void a_first_start_killed_at_any_moment_is_made_good_by_the_next() throws Exception {
    start().close(); // the software is there
    DataDirectory.deleteUnfinished(folder);
    for (long after : List.of(250L, 400L, 550L, 700L, 900L, 1200L)) {
      Process owner = owner();
      assertThat(owner.waitFor(after, TimeUnit.MILLISECONDS)).isFalse();
      signal("KILL", owner.pid());
      assertThat(owner.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    try (EmbeddedMariaDb next = start()) {
      assertThat(one(next, "SELECT COUNT(*) FROM mysql.global_priv")).isEqualTo("2");
    }
  }

  @Test
  void replaces_a_left_behind_server_that_does_not_answer() throws Exception {
    Process owner = owner();
    try (BufferedReader lines = owner.inputReader()) {
      while (!lines.readLine().equals("committed 50")) {
        assertThat(owner.isAlive()).isTrue();
      }
      long left = serverProcess();
      signal("STOP", left);
      signal("KILL", owner.pid());
      assertThat(owner.waitFor(10, TimeUnit.SECONDS)).isTrue();
      new Thread(() -> continueSoon(left), "continue-" + left).start();
      try (EmbeddedMariaDb next = start()) {
        assertThat(next.pid()).isNotEqualTo(left);
        assertThat(Long.parseLong(one(next, "SELECT MAX(n) FROM kept"))).isGreaterThanOrEqualTo(50);
      }
    }
  }

  /** A stopped process takes SIGTERM only once it goes on. */
  private static void continueSoon(long pid) {
    await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
    signal("CONT", pid);
  }

  private static void signal(String name, long pid) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
      assertThat(kill.waitFor(5, TimeUnit.SECONDS)).isTrue();
    } catch (IOException | InterruptedException failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Test
  void survives_control_c_and_comes_back_when_killed() throws Exception {
    try (EmbeddedMariaDb database = start()) {
      long pid = database.pid();
      signal("INT", pid);
      Path stat = Path.of("/proc", Long.toString(pid), "stat");
      if (Files.exists(stat)) {
        String session = Files.readString(stat).replaceFirst(".*\\) ", "").split(" ")[3];
        assertThat(session).as("a session of its own").isEqualTo(Long.toString(pid));
      }
      assertThat(one(database, "SELECT 1")).isEqualTo("1");
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      await()
          .atMost(Duration.ofSeconds(15))
          .ignoreExceptions()
          .until(() -> database.pid() != pid && one(database, "SELECT 1").equals("1"));
    }
  }

  @Test
  void says_what_to_set_when_the_folder_or_the_port_cannot_be_used() throws Exception {
    Files.writeString(folder, "a file");
    assertThatThrownBy(this::start)
        .isInstanceOf(DatabaseUnusableException.class)
        .hasMessageContaining("org.quartz.dataSource.carillon.URL");
    Files.delete(folder);
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> EmbeddedMariaDb.start(folder, port, SOFTWARE))
          .isInstanceOf(DatabaseUnusableException.class)
          .hasMessageContaining("carillon.data.port");
    }
    start().close();
  }

  private Process owner() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            EmbeddedOwner.class.getName(),
            folder.toString(),
            SOFTWARE.toString())
        .redirectErrorStream(true)
        .start();
  }

  private long serverProcess() {
    String data = "--datadir=" + folder.toAbsolutePath().resolve("mariadb");
    return ProcessHandle.allProcesses()
        .filter(handle -> List.of(handle.info().arguments().orElse(new String[0])).contains(data))
        .findFirst()
        .orElseThrow()
        .pid();
  }

  /** False for one that has ended but that nobody has waited for. */
  private static boolean runs(ProcessHandle handle) {
    return handle.info().arguments().isPresent();
  }
}
