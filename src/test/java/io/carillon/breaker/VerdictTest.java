package io.carillon.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Outcome.Succeeded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
  @ParameterizedTest
  @CsvSource({
    "NETWORK, , FAILURE",
    "DNS, , FAILURE",
    "TLS, , FAILURE",
    "CONNECT, , FAILURE",
    "TIMEOUT, , FAILURE",
    "TIMEOUT, 200, FAILURE",
    "HTTP_500, 500, FAILURE",
    "HTTP_503, 503, FAILURE",
    "HTTP_429, 429, ANSWER",
    "HTTP_404, 404, ANSWER",
    "HTTP_302, 302, ANSWER",
    "EGRESS_DENIED, , NONE",
    "CANCELLED, , NONE",
    "CANCELLED, 200, NONE",
    "DRAINED, , NONE",
    "INTERNAL, , NONE",
  })
  void failures_of_the_host_count_and_nothing_else(String reason, Integer status, Verdict verdict) {
    assertThat(Verdict.of(new Failed(reason, "", status, null, null))).isEqualTo(verdict);
  }

  @Test
  void a_success_is_an_answer() {
    assertThat(Verdict.of(new Succeeded(204, null))).isEqualTo(Verdict.ANSWER);
  }
}
