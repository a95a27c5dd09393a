package io.carillon.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.job.TargetRules.Broken;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** URLs of an origin that was read before: they are read as the first one was. */
class UrlRulesTest {
  private final UrlRules rules = new UrlRules(EgressPolicy.of(List.of(), false));
  private final List<Broken> faults = new ArrayList<>();

  @BeforeEach
  void read_an_origin() {
    for (String known : List.of("http://example.com/", "https://BÜCHER.example:8443/a?b#c")) {
      assertThat(rules.read(known, faults)).isEqualTo(HttpUrl.parse(known));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com",
        "http://example.com/",
        "http://example.com/n/17?a=b&c=%20#d/e",
        "http://example.com/a/../../b/./c/%2e%2e/d",
        "http://example.com/a//b",
        "http://example.com//other.example/x",
        "http://example.com///x",
        "http://example.com?x=/y",
        "http://example.com#/y",
        "http://example.com/@other.example/",
        "http://example.com/:8080/x",
        "http://example.com/http://other.example/",
        "http://example.com/ä?ö=ü",
        "http://example.com:8080/x",
        "https://example.com/x",
        "https://BÜCHER.example:8443/x",
      })
  void the_path_is_read_as_the_client_reads_it(String url) {
    for (int time = 0; time < 2; time++) {
      assertThat(rules.read(url, faults)).isEqualTo(HttpUrl.parse(url));
    }
    assertThat(faults).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "http://example.com/a b, url_invalid",
    "http://example.com/\\other.example/, url_invalid",
    "http://example.com\\@127.0.0.1/, url_invalid",
    "http://example.com@127.0.0.1/, url_userinfo",
    "http://example.com:22/, url_port_denied",
    "http://example.com./x, url_host_ambiguous",
    "http://127.0.0.1/, url_address_denied",
    "ftp://example.com/x, url_scheme",
  })
  void what_is_wrong_is_found_all_the_same(String url, String code) {
    assertThat(rules.read(url, faults)).isNull();
    assertThat(faults).extracting(Broken::code).contains(code);
  }

  @ParameterizedTest
  @ValueSource(ints = {8192, 8193})
  void a_long_one_is_refused_as_ever(int length) {
    String url = "http://example.com/".concat("x".repeat(length - "http://example.com/".length()));

    assertThat(rules.read(url, faults) == null).isEqualTo(length > UrlRules.MOST_CHARACTERS);
  }
}
