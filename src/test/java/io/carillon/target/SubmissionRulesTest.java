package io.carillon.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.job.TargetRules.Broken;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubmissionRulesTest {
  private final SubmissionRules rules = new SubmissionRules(EgressPolicy.of(List.of(), false));
  private final SubmissionRules local = new SubmissionRules(EgressPolicy.of(List.of(), true));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.com",
        "https://example.com:8443/a/b?c=d&e=%20#f",
        "HTTPS://EXAMPLE.com/",
        "http://8.8.8.8/",
        "http://[2606:4700:4700::1111]:8080/",
        "http://[2606:4700:4700:0:0:0:0:1111]/",
        "https://bücher.example/ä?ö=ü",
        "https://xn--bcher-kva.example/",
        "http://a_b.example/",
        "http://example.com/?to=http://user@127.0.0.1/",
        "http://example.com/a@b:c",
      })
  void a_plain_url_has_no_fault(String url) {
    assertThat(rules.url(url)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "file:///etc/passwd, url_scheme",
        "gopher://example.com/, url_scheme",
        "ftp://example.com/, url_scheme",
        "jar:http://example.com!/, url_scheme",
        "javascript:alert(1), url_scheme",
        "ws://example.com/, url_scheme",
        "``, url_invalid",
        "example.com/x, url_invalid",
        "http:/x, url_invalid",
        "http:x, url_invalid",
        "//x, url_invalid",
        "http://, url_invalid",
        "http:///x, url_invalid",
        "http://?x, url_invalid",
        "http:\\\\example.com, url_invalid",
        "http://example.com\\@127.0.0.1/, url_invalid",
        "http://exa mple.com/, url_invalid",
        "http://[::1/, url_invalid",
        "http://[zz]/, url_invalid",
        "http://example.com:8o/, url_invalid",
        "http://a..b/, url_invalid",
        "http://user@example.com/, url_userinfo",
        "http://user:pw@example.com/, url_userinfo",
        "http://:@example.com/, url_userinfo",
        "http://a@b@example.com/, url_userinfo",
        "http://127.0.0.1/, url_address_denied",
        "http://0.0.0.0/, url_address_denied",
        "http://10.0.0.1:8080/, url_address_denied",
        "http://169.254.169.254/latest/meta-data/, url_address_denied",
        "http://[::]/, url_address_denied",
        "http://[::1]/, url_address_denied",
        "http://[0:0:0:0:0:0:0:1]/, url_address_denied",
        "http://[fd00:ec2::254]/, url_address_denied",
        "http://[64:ff9b::7f00:1]/, url_address_denied",
        "http://[2002:7f00:1::]/, url_address_denied",
        "http://localhost/, url_address_denied",
        "http://LOCALHOST:8080/, url_address_denied",
        "http://a.localhost/, url_address_denied",
        "http://2130706433/, url_host_ambiguous",
        "http://0177.0.0.1/, url_host_ambiguous",
        "http://017700000001/, url_host_ambiguous",
        "http://0x7f000001/, url_host_ambiguous",
        "http://0x7f.0.0.1/, url_host_ambiguous",
        "http://127.0.0.0x1/, url_host_ambiguous",
        "http://127.1/, url_host_ambiguous",
        "http://127.0.1/, url_host_ambiguous",
        "http://127.0.0.01/, url_host_ambiguous",
        "http://127.0.0.1./, url_host_ambiguous",
        "http://127.0.0.256/, url_host_ambiguous",
        "http://1.2.3.4.5/, url_host_ambiguous",
        "http://example.com./, url_host_ambiguous",
        "http://127%2e0.0.1/, url_host_ambiguous",
        "http://%31%32%37.0.0.1/, url_host_ambiguous",
        "http://ex%61mple.com/, url_host_ambiguous",
        "http://[fe80::1%25eth0]/, url_host_ambiguous",
        "http://１２７.0.0.1/, url_host_ambiguous",
        "http://127。0。0。1/, url_host_ambiguous",
        "http://①②⑦.⓪.⓪.①/, url_host_ambiguous",
        "http://ｅxample.com/, url_host_ambiguous",
        "http://loc\u00ADalhost/, url_host_ambiguous",
        "http://[::ffff:127.0.0.1]/, url_host_ambiguous",
        "http://[::ffff:8.8.8.8]/, url_host_ambiguous",
        "http://example.com:0/, url_port_denied",
        "http://example.com:22/, url_port_denied",
        "http://example.com:25/, url_port_denied",
        "http://example.com:3306/, url_port_denied",
        "http://example.com:65536/, url_port_denied",
        "http://example.com:99999999999/, url_port_denied",
      })
  void a_bad_url_gets_its_code(String url, String code) {
    assertThat(rules.url(url.replace("\\u00AD", "\u00AD"))).extracting(Broken::code).contains(code);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\nHost: x", "\t", "\u0000", "\u007F", "\n"})
  void control_characters_in_a_url_are_invalid(String text) {
    assertThat(rules.url("http://example.com/" + text + "x"))
        .extracting(Broken::code)
        .containsExactly("url_invalid");
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8080/, true",
    "http://localhost:8080/, true",
    "http://192.168.1.1/, true",
    "http://[::1]:8080/, true",
    "http://0.0.0.0/, false",
    "http://169.254.1.1/, false",
    "http://169.254.169.254/, false",
    "http://2130706433/, false",
    "http://127.0.0.1:3306/, false",
  })
  void local_mode_opens_local_addresses_but_no_other_door(String url, boolean open) {
    assertThat(local.url(url).isEmpty()).isEqualTo(open);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"shop.example", "xn--bcher-kva.example", "10.0.0.1", "127.0.0.1", "[::1]", "db_1"})
  void hosts_are_named_as_in_urls_whether_they_may_be_called_or_not(String host) {
    assertThat(rules.host(host)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "``, host_invalid",
        "Shop.example, host_invalid",
        "shop.example:80, host_invalid",
        "shop.example:8080, host_invalid",
        "http://shop.example, host_invalid",
        "user@shop.example, host_invalid",
        "a b, host_invalid",
        "a/b, host_invalid",
        "::1, host_invalid",
        "[::1, host_invalid",
        "bücher.example, host_invalid",
        "shop.example., url_host_ambiguous",
        "127.1, url_host_ambiguous",
        "2130706433, url_host_ambiguous",
        "ex%61mple.com, url_host_ambiguous",
        "[::ffff:127.0.0.1], url_host_ambiguous",
      })
  void other_spellings_of_hosts_are_refused(String host, String code) {
    assertThat(rules.host(host)).extracting(Broken::code).containsExactly(code);
  }

  @Test
  void lengths_are_bounded() {
    assertThat(codes(rules.host("a".repeat(300)))).containsExactly("url_host_too_long");
    String path = "http://example.com/" + "a".repeat(8192 - 19);
    assertThat(rules.url(path)).isEmpty();
    assertThat(codes(rules.url(path + "a"))).containsExactly("url_too_long");
    String host = ("a".repeat(49) + ".").repeat(6).substring(0, 299) + "a";
    assertThat(codes(rules.url("http://" + host + "/"))).containsExactly("url_host_too_long");
  }

  @Test
  void every_fault_of_a_url_is_reported() {
    assertThat(codes(rules.url("http://u:p@127.1:25/")))
        .containsExactlyInAnyOrder("url_userinfo", "url_port_denied", "url_host_ambiguous");
    assertThat(codes(rules.url("http://u:p@10.0.0.1:25/")))
        .containsExactlyInAnyOrder("url_userinfo", "url_port_denied", "url_address_denied");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "``, x, header_name",
        "a b, x, header_name",
        "a:b, x, header_name",
        "ä, x, header_name",
        "a(b), x, header_name",
        "Host, x, header_reserved",
        "content-LENGTH, 1, header_reserved",
        "Transfer-Encoding, chunked, header_reserved",
        "Connection, close, header_reserved",
        "Keep-Alive, x, header_reserved",
        "TE, trailers, header_reserved",
        "Trailer, x, header_reserved",
        "Upgrade, h2c, header_reserved",
        "Expect, 100-continue, header_reserved",
        "Proxy-Authorization, x, header_reserved",
        "Proxy-Connection, x, header_reserved",
        "Idempotency-Key, x, header_reserved",
        "webhook-id, x, header_reserved",
        "Webhook-Signature, x, header_reserved",
        "X-Attempt, 1, header_reserved",
        "X-Scheduled-Time, x, header_reserved",
        "X-Scheduled-Time-Local, x, header_reserved",
        "X-Recovered, true, header_reserved",
        "X-Carillon-Token, x, header_reserved",
        "traceparent, x, header_reserved",
        "X-A, é, header_value",
        "X-A, ` lead`, header_value",
        "X-A, `trail `, header_value",
      })
  void a_bad_header_gets_its_code(String name, String value, String code) {
    List<Broken> faults = rules.headers(Map.of(name, value));
    assertThat(faults).containsExactly(new Broken(code, faults.get(0).detail(), name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\rb", "a\nb", "a\r\nX-B: c", "a\u0000b", "a\u007Fb", "a\u001Bb", "\t"})
  void control_characters_in_a_value_are_refused(String value) {
    assertThat(codes(rules.headers(Map.of("X-A", value)))).containsExactly("header_value");
    assertThat(codes(rules.headers(Map.of(value + "x", "y")))).containsExactly("header_name");
  }

  @Test
  void good_headers_have_no_fault() {
    assertThat(
            rules.headers(
                Map.of("X-A", "b c\td", "Authorization", "Bearer x", "Empty", "", "!#$%&'*+", "~")))
        .isEmpty();
  }

  @Test
  void number_size_and_doubled_names_are_bounded_and_reported_together() {
    Map<String, String> many = new LinkedHashMap<>();
    for (int i = 0; i < 64; i++) {
      many.put("X-" + i, "v");
    }
    assertThat(rules.headers(many)).isEmpty();
    many.put("x-0", "v".repeat(32 * 1024));
    assertThat(codes(rules.headers(many)))
        .containsExactlyInAnyOrder("header_count", "header_size", "header_duplicate");
  }

  private static List<String> codes(List<Broken> faults) {
    return faults.stream().map(Broken::code).toList();
  }
}
