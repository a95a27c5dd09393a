package io.carillon.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetHostTest {
  private static String of(String url) {
    return TargetHost.of(new Target.Http("POST", url, Map.of(), null, Duration.ofSeconds(5)));
  }

  @ParameterizedTest
  @CsvSource({
    "http://shop.example, shop.example",
    "https://SHOP.example:8443/x, shop.example",
    "http://127.0.0.1:8080/x?y#z, 127.0.0.1",
    "http://[::1]:8080/x, [::1]",
    "http://shop.example?a=b@c, shop.example",
    "http://a:b@shop.example/x, shop.example"
  })
  void it_is_the_host_of_the_url_without_its_port(String url, String host) {
    assertThat(of(url)).isEqualTo(host);
  }

  /** Each of these is called; a host that is not seen would be called without any limit. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://my_service.example:8080/x",
        "http://my_service.example/a|b",
        "http://my_service.example/?q={a}",
        "http://my_service.example/a^b\"c",
        "http://my_service.example/100%"
      })
  void what_the_client_calls_has_a_host_whatever_else_is_in_its_url(String url) {
    assertThat(of(url)).isEqualTo("my_service.example");
  }

  @Test
  void names_beyond_ascii_are_those_that_are_looked_up() {
    assertThat(of("http://BÜCHER.example/")).isEqualTo("xn--bcher-kva.example");
  }

  @Test
  void templates_and_targets_that_call_nothing_have_none() {
    assertThat(of("http://{{region}}.example/x")).isNull();
    assertThat(of("{{url}}")).isNull();
    assertThat(TargetHost.of(new Target.Noop())).isNull();
  }
}
