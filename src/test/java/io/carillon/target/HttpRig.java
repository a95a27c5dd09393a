package io.carillon.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.execution.Firing;
import io.carillon.execution.Outcome;
import io.carillon.job.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;

/** A web server on loopback, and calls of it. For one test thread. */
final class HttpRig implements AutoCloseable {
  private final MockWebServer server;
  private final Caller caller = new Caller();

  HttpRig() {
    try {
      server = Listening.start(new MockWebServer());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the next call is answered. */
  void enqueue(MockResponse response) {
    server.enqueue(response);
  }

  Outcome call(Firing firing) {
    return caller.call(firing);
  }

  Outcome get() {
    return call(Firings.get(url("/")));
  }

  /** How many calls have arrived. */
  int requests() {
    return server.getRequestCount();
  }

  Firing firing(String method, Target.@Nullable Body body, Map<String, Object> overrides) {
    return Firings.of(Firings.http(method, url("/"), body), overrides);
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getPort() + path;
  }

  static MockResponse answer(int status, String body) {
    MockResponse.Builder builder = new MockResponse.Builder().code(status);
    return body.isEmpty() ? builder.build() : builder.body(body).build();
  }

  /** The next request that has arrived. */
  RecordedRequest request() throws InterruptedException {
    RecordedRequest request = server.takeRequest(5, TimeUnit.SECONDS);
    assertThat(request).isNotNull();
    return request;
  }

  static String text(RecordedRequest request) {
    return request.getBody() == null ? "" : request.getBody().utf8();
  }

  @Override
  public void close() {
    try (server) {
      caller.close();
    }
  }
}
