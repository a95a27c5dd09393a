package io.carillon.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerVersionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.0.21",
        "8.0.36-0ubuntu0.22.04.1",
        "8.4.3",
        "9.1.0",
        "10.6.0-MariaDB",
        "5.5.5-10.11.6-MariaDB-0+deb12u1",
        "11.4.5-MariaDB",
        "12.0.2-MariaDB-log"
      })
  void takes_mysql_from_8_0_21_and_mariadb_from_10_6(String version) {
    assertThatCode(() -> ServerVersion.parse(version).requireSupported())
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"5.7.44", "8.0.20", "10.5.27-MariaDB", "5.5.5-10.3.39-MariaDB", "10.4-MariaDB"})
  void refuses_older_ones_in_one_line(String version) {
    assertThatThrownBy(() -> ServerVersion.parse(version).requireSupported())
        .isInstanceOf(DatabaseUnusableException.class)
        .hasMessageContaining("MySQL 8.0.21 or MariaDB 10.6")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "unknown"})
  void refuses_what_it_cannot_read(String version) {
    assertThatThrownBy(() -> ServerVersion.parse(version))
        .isInstanceOf(DatabaseUnusableException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.6.16-MariaDB", "11.0.2-MariaDB"})
  void knows_the_old_name_of_the_isolation_variable(String version) {
    assertThat(ServerVersion.parse(version).sessionSettings())
        .contains("tx_isolation='READ-COMMITTED'")
        .contains("idle_transaction_timeout=1");
    assertThat(ServerVersion.parse("8.4.3").sessionSettings())
        .contains("transaction_isolation='READ-COMMITTED'")
        .contains("wait_timeout=90");
  }
}
