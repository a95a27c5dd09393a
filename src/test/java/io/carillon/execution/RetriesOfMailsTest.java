package io.carillon.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.Outcome.Failed;
import io.carillon.job.RetryPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetriesOfMailsTest {

  private static RetryPolicy policy(List<String> retryOn, List<String> stopOn) {
    RetryPolicy usual = RetryPolicy.fixed(5, Duration.ofSeconds(1));
    return new RetryPolicy(
        5, usual.backoff(), usual.initial(), 1, usual.max(), 0, List.of(), retryOn, stopOn, null);
  }

  private static boolean retried(RetryPolicy policy, int code) {
    return RetryRule.isRetried(policy, Failed.of(Reasons.smtp(code), "no"));
  }

  @Test
  void what_a_mail_server_refuses_for_now_is_tried_again_and_what_it_refuses_for_good_is_not() {
    assertThat(retried(RetryPolicy.DEFAULT, 421)).isTrue();
    assertThat(retried(RetryPolicy.DEFAULT, 451)).isTrue();
    assertThat(retried(RetryPolicy.DEFAULT, 550)).isFalse();
    assertThat(RetryRule.isRetried(RetryPolicy.DEFAULT, Failed.of(Reasons.MAIL_UNAVAILABLE, "no")))
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "SMTP_5xx, 550, true",
    "SMTP_5xx, 451, false",
    "SMTP_4xx, 451, true",
    "SMTP_451, 451, true",
    "SMTP_451, 452, false",
    "5xx, 550, false",
    "NETWORK, 452, true",
    "TIMEOUT, 452, false"
  })
  void a_word_names_a_code_or_a_class_of_codes(String word, int code, boolean retried) {
    assertThat(retried(policy(List.of(word), List.of()), code)).isEqualTo(retried);
    assertThat(retried(policy(List.of("NETWORK", "SMTP_5xx"), List.of(word)), code))
        .isEqualTo(!retried);
  }
}
