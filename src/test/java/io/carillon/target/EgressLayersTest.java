package io.carillon.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.execution.Outcome;
import io.carillon.execution.Outcome.Failed;
import io.carillon.execution.Reasons;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The address rules at the time of a call. The sockets record where they would go and stay. */
class EgressLayersTest {
  private final List<InetSocketAddress> reached = Collections.synchronizedList(new ArrayList<>());
  private final Deque<List<String>> dnsAnswers = new ArrayDeque<>();

  private final GuardedSocketFactory.Gate recorder =
      address -> {
        reached.add(address);
        throw new IOException("recorded, not connected");
      };

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://017700000001/",
        "http://127.1/",
        "http://127.0.0.1./",
        "http://%31%32%37.0.0.1/",
        "http://１２７.0.0.1/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[64:ff9b:1::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[2001:0:7f00:1::]/",
        "http://10.0.0.1/",
        "http://100.64.0.1/",
        "http://169.254.169.254/",
        "http://[fd00:ec2::254]/",
        "http://[fe80::1]/",
        "http://[fec0::1]/",
        "http://[ff02::1]/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://192.0.2.1/",
        "http://198.18.0.1/",
        "http://user@8.8.8.8/",
        "http://8.8.8.8:25/",
        "http://localhost/",
        "file:///etc/passwd"
      })
  void a_denied_target_is_never_reached(String url) {
    assertDenied(call(policy(false), url));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1",
    "10.0.0.1",
    "::1",
    "0.0.0.0",
    "::",
    "169.254.169.254",
    "64:ff9b::7f00:1",
    "8.8.8.8 127.0.0.1",
    "127.0.0.1 8.8.8.8",
    "8.8.8.8 2606:4700::1 fd00::1"
  })
  void a_name_with_any_denied_address_is_never_reached(String addresses) {
    dnsAnswers.add(List.of(addresses.split(" ")));
    assertDenied(call(policy(false), "http://harmless.example/"));
  }

  @Test
  void a_name_that_changes_its_answer_is_denied_at_the_second_call() throws Exception {
    dnsAnswers.add(List.of("8.8.8.8"));
    dnsAnswers.add(List.of("127.0.0.1"));
    try (Targets targets = targets(policy(false))) {
      Firings.made(targets, Firings.get("http://rebind.example/"));
      assertThat(reached).hasSize(1);
      reached.clear();
      assertDenied(Firings.made(targets, Firings.get("http://rebind.example/")));
    }
  }

  @Test
  void a_public_target_passes_under_its_name_and_on_its_port() {
    dnsAnswers.add(List.of("8.8.8.8"));
    Outcome outcome = call(policy(false), "https://public.example:8443/");
    assertThat(reached).hasSize(1);
    assertThat(reached.get(0).getHostString()).isEqualTo("public.example");
    assertThat(reached.get(0).getAddress().getHostAddress()).isEqualTo("8.8.8.8");
    assertThat(reached.get(0).getPort()).isEqualTo(8443);
    assertThat(((Failed) outcome).reason()).isEqualTo(Reasons.NETWORK);
  }

  @Test
  void what_the_operator_lists_passes() {
    dnsAnswers.add(List.of("10.0.0.7"));
    call(EgressPolicy.of(List.of("billing.internal"), false), "http://billing.internal/");
    call(EgressPolicy.of(List.of("127.0.0.1"), false), "http://127.0.0.1:8080/");
    call(EgressPolicy.of(List.of("169.254.169.254"), false), "http://169.254.169.254/");
    assertThat(reached)
        .extracting(a -> a.getAddress().getHostAddress())
        .containsExactly("10.0.0.7", "127.0.0.1", "169.254.169.254");
  }

  @Test
  void the_socket_refuses_what_no_other_layer_has_seen() {
    // A bare client: no rules for URLs, no guarded resolver.
    OkHttpClient bare =
        new OkHttpClient.Builder()
            .socketFactory(new GuardedSocketFactory(policy(false), recorder))
            .build();
    for (String url :
        List.of("http://127.0.0.1/", "http://[::1]/", "http://8.8.8.8:25/", "http://0.0.0.0/")) {
      assertThatThrownBy(() -> bare.newCall(new Request.Builder().url(url).build()).execute())
          .isInstanceOf(EgressDenied.class);
    }
    assertThat(reached).isEmpty();
  }

  @Test
  void the_socket_refuses_an_unresolved_address() {
    Socket socket = new GuardedSocketFactory(policy(true), recorder).createSocket();
    assertThatThrownBy(() -> socket.connect(InetSocketAddress.createUnresolved("localhost", 80)))
        .isInstanceOf(EgressDenied.class);
  }

  @Test
  void no_proxy_of_the_environment_is_asked() {
    List<String> keys =
        List.of("http.proxyHost", "http.proxyPort", "socksProxyHost", "socksProxyPort");
    try {
      System.setProperty("http.proxyHost", "127.0.0.9");
      System.setProperty("http.proxyPort", "3128");
      System.setProperty("socksProxyHost", "127.0.0.9");
      System.setProperty("socksProxyPort", "1080");
      dnsAnswers.add(List.of("8.8.8.8"));
      call(policy(false), "http://public.example/");
    } finally {
      keys.forEach(System::clearProperty);
    }
    assertThat(reached).extracting(a -> a.getAddress().getHostAddress()).containsExactly("8.8.8.8");
  }

  private void assertDenied(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Failed.class);
    assertThat(((Failed) outcome).reason()).isEqualTo(Reasons.EGRESS_DENIED);
    assertThat(reached).isEmpty();
  }

  private Outcome call(EgressPolicy policy, String url) {
    try (Targets targets = targets(policy)) {
      return Firings.made(targets, Firings.get(url));
    }
  }

  private Targets targets(EgressPolicy policy) {
    return new Targets(policy, "test", InstantSource.system(), resolver(), recorder);
  }

  private static EgressPolicy policy(boolean localMode) {
    return EgressPolicy.of(List.of(), localMode);
  }

  private Dns resolver() {
    return host -> {
      List<String> answer = dnsAnswers.poll();
      if (answer == null) {
        throw new UnknownHostException(host);
      }
      return Arrays.stream(answer.toArray(String[]::new)).map(EgressLayersTest::address).toList();
    };
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(literal, e);
    }
  }
}
