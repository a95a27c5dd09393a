package io.carillon.quartz.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.carillon.config.MailConfig;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.execution.Reasons;
import io.carillon.job.Target;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What arrives at a real mail server. */
class MailTest {
  private static final Duration SOON = Duration.ofSeconds(5);

  private final GreenMail server =
      new GreenMail(
          new ServerSetup[] {
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP),
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS)
          });

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private MimeMessage only() {
    assertThat(server.getReceivedMessages()).hasSize(1);
    return server.getReceivedMessages()[0];
  }

  @Test
  void a_mail_arrives_as_it_was_written() throws Exception {
    try (Mail mail = Mails.to(server.getSmtp().getPort())) {
      Target.Email wanted =
          Mails.mail(List.of("Zoë <ann@x.example>"), "Erinnerung: Käse 🧀", "Grüße,\n.\n€ 5");

      assertThat(Mails.sent(mail, wanted)).isEqualTo(new Succeeded(null, null));
    }

    MimeMessage arrived = only();
    assertThat(arrived.getSubject()).isEqualTo("Erinnerung: Käse 🧀");
    assertThat(arrived.getContentType()).startsWithIgnoringCase("text/plain; charset=utf-8");
    assertThat(arrived.getContent().toString().strip().lines())
        .containsExactly("Grüße,", ".", "€ 5");
    assertThat(arrived.getFrom()[0]).hasToString(Mails.FROM);
    assertThat(arrived.getRecipients(RecipientType.TO)[0].toString()).contains("<ann@x.example>");
    assertThat(arrived.getSentDate()).isEqualTo(Mails.NOW);
    assertThat(arrived.getHeader("Auto-Submitted")).containsExactly("auto-generated");
  }

  @Test
  void everybody_gets_it_and_nobody_sees_who_got_a_blind_copy() throws Exception {
    Target.Email wanted =
        new Target.Email(
            List.of("a@x.example", "b@x.example"),
            List.of("c@x.example"),
            List.of("hidden@x.example"),
            "Ann <ann@y.example>",
            "desk@y.example",
            "Hi",
            true,
            "<p>Hi</p>",
            SOON);
    try (Mail mail = Mails.to(server.getSmtp().getPort())) {
      assertThat(Mails.sent(mail, wanted)).isInstanceOf(Succeeded.class);
    }

    assertThat(server.getReceivedMessages()).hasSize(4);
    for (MimeMessage arrived : server.getReceivedMessages()) {
      assertThat(arrived.getContentType()).startsWith("text/html");
      assertThat(arrived.getReplyTo()[0]).hasToString("desk@y.example");
      assertThat(arrived.getFrom()[0]).hasToString("Ann <ann@y.example>");
      assertThat(Arrays.toString(arrived.getAllRecipients()))
          .isEqualTo("[a@x.example, b@x.example, c@x.example]");
      assertThat(arrived.getHeader("Bcc")).isNull();
    }
  }

  @Test
  void a_repeat_can_be_told_by_its_message_id() throws Exception {
    try (Mail mail = Mails.to(server.getSmtp().getPort())) {
      mail.call(Mails.firing(Mails.plain("Hello"), 1), () -> true);
      mail.call(Mails.firing(Mails.plain("Hello"), 2), () -> true);
    }

    MimeMessage[] arrived = server.getReceivedMessages();
    assertThat(arrived).hasSize(2);
    String id = Mails.ID.value();
    for (MimeMessage one : arrived) {
      assertThat(one.getMessageID()).isEqualTo("<" + id + "@shop.example>");
      assertThat(one.getHeader("X-Carillon-Execution")).containsExactly(id);
    }
    assertThat(arrived[1].getHeader("X-Attempt")).containsExactly("2");
  }

  @Test
  void the_server_is_told_user_and_password_of_configuration_and_no_others() {
    server.setUser("bells@shop.example", "bells", "s3cret");
    server.getManagers().getUserManager().setAuthRequired(true);
    int port = server.getSmtp().getPort();

    assertThat(Mails.sent(as("bells", "s3cret", port), Mails.plain("x")))
        .isInstanceOf(Succeeded.class);
    Failed refused = Mails.failed(as("bells", "wrong", port), Mails.plain("x"));

    assertThat(refused.reason()).isEqualTo("SMTP_535");
    assertThat(refused.error()).doesNotContain("wrong").doesNotContain("Reminder");
    assertThat(server.getReceivedMessages()).hasSize(1);
  }

  private static Mail as(String user, String password, int port) {
    MailConfig config =
        new MailConfig("127.0.0.1", port, user, password, Mails.FROM, MailConfig.Tls.NONE, SOON);
    return new Mail(config, InstantSource.fixed(Mails.NOW));
  }

  @Test
  void a_certificate_that_nobody_vouches_for_is_refused() {
    MailConfig config =
        Mails.config(server.getSmtps().getPort(), MailConfig.Tls.TLS, Duration.ofSeconds(5));
    try (Mail mail = new Mail(config, InstantSource.fixed(Mails.NOW))) {
      Failed failed = Mails.failed(mail, Mails.plain("Hello"));

      assertThat(failed.reason()).isEqualTo(Reasons.TLS);
    }
    assertThat(server.getReceivedMessages()).isEmpty();
  }
}
