package io.carillon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MailSettingsTest {
  @Test
  void a_mail_server_needs_a_sender_and_a_user_needs_a_password() {
    assertThat(Configuration.of(Map.of()).mail()).isEmpty();
    assertThatThrownBy(() -> Configuration.of(Map.of("carillon.mail.host", "smtp.example")))
        .hasMessageContaining("carillon.mail.from");
    assertThatThrownBy(() -> Configuration.of(Map.of("carillon.mail.from", "a@x.example")))
        .hasMessageContaining("is set without carillon.mail.host");
    Map<String, String> sound =
        Map.of("carillon.mail.host", "smtp.example", "carillon.mail.from", "a@x.example");
    MailConfig mail = Configuration.of(sound).mail().orElseThrow();
    assertThat(mail.port()).isEqualTo(587);
    assertThat(mail.tls()).isEqualTo(MailConfig.Tls.STARTTLS);

    Map<String, String> user = new HashMap<>(sound);
    user.put("carillon.mail.username", "me");
    assertThatThrownBy(() -> Configuration.of(user)).hasMessageContaining("password");
    user.put("carillon.mail.password", "s3cret");
    user.put("carillon.mail.tls", "tls");
    Configuration full = Configuration.of(user);
    assertThat(full.mail().orElseThrow().port()).isEqualTo(465);
    assertThat(full.shown().toString() + full.mail()).doesNotContain("s3cret");
  }
}
