package io.carillon.target;

import static io.carillon.target.HttpRig.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.Answer;
import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import mockwebserver3.MockResponse;
import okio.Buffer;
import okio.BufferedSink;
import okio.GzipSink;
import okio.Okio;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of an answer: its status judges the call, a part of its body is kept. */
class AnswersOfTargetsTest {
  @AutoClose private final HttpRig http = new HttpRig();

  @ParameterizedTest
  @ValueSource(ints = {300, 301, 302, 307, 308, 401, 404, 407, 408, 421, 429, 500, 503, 599})
  void any_status_but_2xx_fails_under_its_own_reason_after_one_call(int status) {
    MockResponse response =
        answer(status, "why")
            .newBuilder()
            .addHeader("Location", http.url("/elsewhere"))
            .addHeader("Retry-After", "0")
            .build();
    http.enqueue(response);
    http.enqueue(answer(200, "second call"));

    Failed failed = (Failed) http.call(Firings.get(http.url("/secret-path?token=hidden")));

    assertThat(failed.reason()).isEqualTo("HTTP_" + status);
    assertThat(failed.httpStatus()).isEqualTo(status);
    assertThat(failed.answer()).isEqualTo(new Answer("why", false));
    assertThat(failed.retryAfter()).isEqualTo(Duration.ZERO);
    assertThat(failed.error()).contains("answered " + status).doesNotContain("hidden");
    assertThat(http.requests()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 206, 299})
  void every_2xx_is_a_success(int status) {
    http.enqueue(new MockResponse.Builder().code(status).build());
    assertThat(http.get()).isEqualTo(new Succeeded(status, null));
  }

  @Test
  void a_304_has_no_body_and_is_no_success() {
    http.enqueue(new MockResponse.Builder().code(304).build());
    assertThat(((Failed) http.get()).reason()).isEqualTo("HTTP_304");
  }

  @Test
  void an_answer_to_head_has_no_body_whatever_it_promises() {
    http.enqueue(new MockResponse.Builder().code(200).addHeader("Content-Length", 99).build());
    assertThat(http.call(http.firing("HEAD", null, Map.of()))).isEqualTo(new Succeeded(200, null));
  }

  @Test
  void an_answer_is_kept_to_16_kib_of_whole_characters() {
    http.enqueue(answer(200, "x" + "😀".repeat(5000)));
    Answer kept = ((Succeeded) http.get()).answer();
    assertThat(kept).isNotNull();
    assertThat(kept.body()).isEqualTo("x" + "😀".repeat(4095));
    assertThat(kept.truncated()).isTrue();
  }

  @Test
  void an_answer_of_exactly_16_kib_is_whole() {
    http.enqueue(answer(200, "x".repeat(Answer.MOST_BYTES)));
    assertThat(http.get().answer()).isEqualTo(new Answer("x".repeat(Answer.MOST_BYTES), false));
  }

  @Test
  void bytes_that_are_no_text_stay_within_the_bound() {
    byte[] noise = new byte[20_000];
    Arrays.fill(noise, (byte) 0xFF);
    http.enqueue(new MockResponse.Builder().body(new Buffer().write(noise)).build());
    Answer kept = http.get().answer();
    assertThat(kept).isNotNull();
    assertThat(kept.body().getBytes(StandardCharsets.UTF_8).length)
        .isBetween(Answer.MOST_BYTES - 3, Answer.MOST_BYTES);
  }

  @Test
  void an_answer_is_read_in_the_charset_it_names() {
    byte[] latin = "Grüße".getBytes(StandardCharsets.ISO_8859_1);
    http.enqueue(
        new MockResponse.Builder()
            .body(new Buffer().write(latin))
            .addHeader("Content-Type", "text/plain; charset=iso-8859-1")
            .build());
    assertThat(http.get().answer()).isEqualTo(new Answer("Grüße", false));
  }

  @Test
  void a_gzip_bomb_is_inflated_to_the_read_limit_only() throws Exception {
    Buffer bomb = new Buffer();
    byte[] zeros = new byte[1024 * 1024];
    try (BufferedSink gzip = Okio.buffer(new GzipSink(bomb))) {
      for (int i = 0; i < 200; i++) {
        gzip.write(zeros);
      }
    }
    http.enqueue(
        new MockResponse.Builder().body(bomb).addHeader("Content-Encoding", "gzip").build());
    Outcome outcome = http.get();
    assertThat(outcome).isInstanceOf(Succeeded.class);
    Answer kept = outcome.answer();
    assertThat(kept).isNotNull();
    assertThat(kept.truncated()).isTrue();
    assertThat(kept.body()).hasSize(Answer.MOST_BYTES);
  }

  @Test
  void a_body_over_the_read_limit_leaves_the_status_as_judge() {
    http.enqueue(answer(200, "x".repeat(10_000_000)));
    http.enqueue(answer(500, "x".repeat(10_000_000)));
    assertThat(http.get()).isInstanceOf(Succeeded.class);
    assertThat(((Failed) http.get()).reason()).isEqualTo("HTTP_500");
  }
}
