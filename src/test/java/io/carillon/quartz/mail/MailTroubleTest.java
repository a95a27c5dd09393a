package io.carillon.quartz.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.carillon.config.MailConfig;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.execution.Reasons;
import io.carillon.job.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mail servers that refuse, hang or go away. */
class MailTroubleTest {
  private ScriptedSmtp server;
  private Mail mail;

  @BeforeEach
  void start() throws IOException {
    server = new ScriptedSmtp();
    mail = Mails.to(server.port());
  }

  @AfterEach
  void stop() throws IOException {
    mail.close();
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "RCPT, 550 5.1.1 no such user, SMTP_550",
    "RCPT, 451 4.7.1 come back later, SMTP_451",
    "MAIL, 452 4.3.1 no space, SMTP_452",
    "., 554 5.7.1 spam, SMTP_554",
    "DATA, 421 4.3.2 shutting down, SMTP_421",
    "HELLO, 421 too busy, SMTP_421",
    "HELLO, 554 go away, SMTP_554"
  })
  void a_refusal_is_told_with_its_code(String command, String answer, String reason) {
    server.on(command, answer);

    Failed failed = Mails.failed(mail, Mails.plain("Hello"));

    assertThat(failed.reason()).isEqualTo(reason);
    assertThat(failed.httpStatus()).isNull();
    assertThat(failed.error()).startsWith("the mail server answered: ");
  }

  @Test
  void a_line_of_the_server_stays_one_line_of_ours() {
    server.on("RCPT", "550-no\u001b[31m\r\n550 really\u202e");

    assertThat(Mails.failed(mail, Mails.plain("x")).error())
        .contains("no")
        .contains("really")
        .doesNotContain("\n", "\r", "\u001b", "\u202e");
  }

  @ParameterizedTest
  @CsvSource({"HELLO", "EHLO", "RCPT", "."})
  void a_server_that_hangs_costs_no_more_than_the_time_out(String silentAt) {
    server.on(silentAt, ScriptedSmtp.SILENCE);
    Instant begin = Instant.now();

    Failed failed = Mails.failed(mail, Mails.within(Duration.ofMillis(700)));

    assertThat(failed.reason()).isEqualTo(Reasons.TIMEOUT);
    assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(4));
    await().until(() -> server.heard().contains("(gone)") || silentAt.equals("HELLO"));
  }

  @Test
  void the_servers_own_time_out_ends_it_sooner() {
    server.on("EHLO", ScriptedSmtp.SILENCE);
    try (Mail hasty = Mails.to(server.port(), Duration.ofMillis(300))) {
      assertThat(Mails.failed(hasty, Mails.plain("x")).reason()).isEqualTo(Reasons.TIMEOUT);
    }
  }

  @Test
  void no_server_at_all_is_no_connection() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    try (Mail nowhere = Mails.to(free)) {
      assertThat(Mails.failed(nowhere, Mails.plain("x")).reason()).isEqualTo(Reasons.CONNECT);
    }
  }

  @Test
  void a_server_without_starttls_is_not_used() {
    MailConfig config = Mails.config(server.port(), MailConfig.Tls.STARTTLS, Duration.ofSeconds(5));
    try (Mail secure = new Mail(config, InstantSource.fixed(Mails.NOW))) {
      assertThat(Mails.failed(secure, Mails.plain("x")).reason()).isEqualTo(Reasons.TLS);
    }
    assertThat(server.heard()).noneMatch(line -> line.startsWith("MAIL"));
  }

  @Test
  void a_running_mail_can_be_cancelled() throws Exception {
    server.on("DATA", ScriptedSmtp.SILENCE);
    CompletableFuture<Outcome> sent =
        CompletableFuture.supplyAsync(() -> Mails.sent(mail, Mails.plain("x")));
    assertThat(server.silent().await(10, TimeUnit.SECONDS)).isTrue();

    mail.cancel(Mails.ID);

    assertThat(((Failed) sent.get(5, TimeUnit.SECONDS)).reason()).isEqualTo(Reasons.CANCELLED);
  }

  @Test
  void a_drain_breaks_off_what_runs() throws Exception {
    server.on("RCPT", ScriptedSmtp.SILENCE);
    CompletableFuture<Outcome> sent =
        CompletableFuture.supplyAsync(() -> Mails.sent(mail, Mails.plain("x")));
    assertThat(server.silent().await(10, TimeUnit.SECONDS)).isTrue();

    mail.cancelAll();

    assertThat(((Failed) sent.get(5, TimeUnit.SECONDS)).reason()).isEqualTo(Reasons.DRAINED);
  }

  @Test
  void nothing_is_sent_once_the_lease_has_ended() {
    boolean[] holds = {true};
    server.on("DATA", "354 go on");
    Target.Email wanted = Mails.plain("secret text");

    Optional<Outcome> sent =
        mail.call(
            Mails.firing(wanted, 1),
            () -> {
              boolean held = holds[0];
              holds[0] = false;
              return held;
            });

    assertThat(sent).isEmpty();
    await().until(() -> server.heard().contains("(gone)") || server.heard().contains("QUIT"));
    assertThat(server.heard()).contains("DATA").doesNotContain("secret text");
    assertThat(server.heard()).doesNotContain(".");
  }

  @Test
  void the_next_mail_goes_out_after_trouble() {
    server.on("RCPT", "550 no");
    Mails.failed(mail, Mails.plain("x"));
    server.on("RCPT", "250 ok");

    assertThat(Mails.sent(mail, Mails.plain("x"))).isInstanceOf(Succeeded.class);
  }
}
