package io.carillon.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.carillon.execution.CallTokens;
import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import io.carillon.execution.Reasons;
import io.carillon.execution.Secrets.Revealed;
import io.carillon.job.Auth;
import io.carillon.job.SecretKind;
import io.carillon.job.SigningKey;
import io.carillon.job.Target;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a call carries to prove who makes it. */
class CredentialsTest {
  private static final String CURRENT = SigningKey.generate(new SecureRandom());
  private static final String PREVIOUS = SigningKey.generate(new SecureRandom());
  private static final String BODY = "{\"n\": 1.0,  \"ü\": \"\\u00fc€\"}\r\n";

  private final FixedSecrets secrets =
      new FixedSecrets()
          .with("token", text("t0ken"))
          .with("password", text("pass:word"))
          .with("bad", text("a\r\nX-Evil: 1"))
          .with("hook", new Revealed(SecretKind.SIGNING, CURRENT, null))
          .with("turning", new Revealed(SecretKind.SIGNING, CURRENT, PREVIOUS));
  private final Targets targets =
      new Targets(EgressPolicy.of(List.of(), true), "1.2", null, secrets, CallTokens.NONE);
  private MockWebServer server;

  @BeforeEach
  void listen() throws Exception {
    server = Listening.start(new MockWebServer());
  }

  @AfterEach
  void close() {
    targets.close();
    server.close();
  }

  private static Revealed text(String value) {
    return new Revealed(SecretKind.TEXT, value, null);
  }

  private Target.Http target(@Nullable Auth auth, Map<String, String> secretHeaders, String body) {
    return new Target.Http(
        "POST",
        "http://127.0.0.1:" + server.getPort() + "/hook",
        Map.of("X-Plain", "plain"),
        body.isEmpty() ? null : new Target.Body(true, body),
        Duration.ofSeconds(5),
        auth,
        secretHeaders);
  }

  private RecordedRequest received(Firing firing) throws InterruptedException {
    server.enqueue(new MockResponse.Builder().code(204).build());
    assertThat(Firings.made(targets, firing)).isInstanceOf(Succeeded.class);
    return server.takeRequest(5, TimeUnit.SECONDS);
  }

  private String header(Auth auth, String name) throws InterruptedException {
    return received(Firings.of(target(auth, Map.of(), ""))).getHeaders().get(name);
  }

  @Test
  void tokens_and_passwords_go_into_the_header_they_are_for() throws Exception {
    assertThat(header(new Auth(Auth.Type.BEARER, "token", null, null), "Authorization"))
        .isEqualTo("Bearer t0ken");
    // base64 of me:pass:word, and of pass:word
    assertThat(header(new Auth(Auth.Type.BASIC, "password", "me", null), "Authorization"))
        .isEqualTo("Basic bWU6cGFzczp3b3Jk");
    assertThat(header(new Auth(Auth.Type.BASIC, "password", null, null), "Authorization"))
        .isEqualTo("Basic cGFzczp3b3Jk");
    assertThat(header(new Auth(Auth.Type.HEADER, "token", null, "X-Api-Key"), "X-Api-Key"))
        .isEqualTo("t0ken");
  }

  @Test
  void secret_headers_are_opened_and_a_run_by_hand_cannot_take_their_place() throws Exception {
    Map<String, String> sealed = Map.of("X-Key", FixedSecrets.sealed("X-Key", "k3y"));

    RecordedRequest request =
        received(
            Firings.of(
                target(new Auth(Auth.Type.BEARER, "token", null, null), sealed, ""),
                Map.of("headers", Map.of("x-key", "forged", "authorization", "forged"))));

    assertThat(request.getHeaders().values("X-Key")).containsExactly("k3y");
    assertThat(request.getHeaders().values("Authorization")).containsExactly("Bearer t0ken");
    assertThat(request.getHeaders().get("X-Plain")).isEqualTo("plain");
  }

  @ParameterizedTest
  @ValueSource(strings = {BODY, "", "{}"})
  void a_signature_is_verified_by_the_standards_own_library(String body) throws Exception {
    RecordedRequest request = received(Firings.of(target(Auth.signature("hook"), Map.of(), body)));

    String sent = HttpRig.text(request);
    assertThat(sent).isEqualTo(body);
    assertThat(request.getHeaders().get("webhook-id")).isEqualTo(Firings.ID.value());
    new Webhook(CURRENT).verify(sent, request.getHeaders().toMultimap());
    assertThatThrownBy(
            () -> new Webhook(CURRENT).verify(sent + " ", request.getHeaders().toMultimap()))
        .isInstanceOf(WebhookVerificationException.class);
    assertThatThrownBy(() -> new Webhook(PREVIOUS).verify(sent, request.getHeaders().toMultimap()))
        .isInstanceOf(WebhookVerificationException.class);
  }

  @Test
  void while_a_key_is_rotated_receivers_with_either_are_content() throws Exception {
    RecordedRequest request =
        received(Firings.of(target(Auth.signature("turning"), Map.of(), BODY)));

    assertThat(request.getHeaders().get("webhook-signature").split(" ")).hasSize(2);
    new Webhook(CURRENT).verify(HttpRig.text(request), request.getHeaders().toMultimap());
    new Webhook(PREVIOUS).verify(HttpRig.text(request), request.getHeaders().toMultimap());
  }

  @Test
  void a_body_that_a_run_by_hand_replaces_is_what_is_signed() throws Exception {
    RecordedRequest request =
        received(
            Firings.of(
                target(Auth.signature("hook"), Map.of(), BODY), Map.of("body", "other text")));

    assertThat(HttpRig.text(request)).isEqualTo("other text");
    new Webhook(CURRENT).verify("other text", request.getHeaders().toMultimap());
  }

  @ParameterizedTest
  @CsvSource({
    "SIGNATURE, gone, SECRET_MISSING",
    "BEARER, gone, SECRET_MISSING",
    "SIGNATURE, token, SECRET_UNREADABLE",
    "BEARER, hook, SECRET_UNREADABLE",
    "BEARER, bad, SECRET_UNREADABLE",
    "BASIC, token, SECRET_UNREADABLE"
  })
  void without_a_value_that_fits_nothing_is_sent(Auth.Type type, String secret, String reason) {
    Outcome outcome =
        Firings.made(
            targets, Firings.of(target(new Auth(type, secret, null, null), Map.of(), BODY)));

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> {
              assertThat(failed.reason()).isEqualTo(reason);
              assertThat(failed.error())
                  .contains("nothing was sent")
                  .doesNotContain("t0ken", "X-Evil", CURRENT);
            });
    assertThat(server.getRequestCount()).isZero();
  }

  @Test
  void a_redirect_is_not_followed_so_that_no_other_origin_sees_a_secret() throws Exception {
    try (MockWebServer other = Listening.start(new MockWebServer())) {
      server.enqueue(
          new MockResponse.Builder()
              .code(307)
              .addHeader("Location", "http://127.0.0.1:" + other.getPort() + "/")
              .build());

      Outcome outcome =
          Firings.made(
              targets,
              Firings.of(target(new Auth(Auth.Type.BEARER, "token", null, null), Map.of(), BODY)));

      assertThat(((Failed) outcome).reason()).isEqualTo(Reasons.http(307));
      assertThat(other.getRequestCount()).isZero();
    }
  }
}
