package io.carillon.api;

import io.carillon.api.http.Exchange;
import io.carillon.api.http.ProblemException;
import io.carillon.api.http.Reply;
import io.carillon.api.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The API's description, and the page that shows it. Everything comes from this server. */
final class DocsCalls {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
          + "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
          + "frame-ancestors 'none'";

  private static final Map<String, String> TYPES =
      Map.of(
          "swagger-ui.css", "text/css; charset=utf-8",
          "swagger-ui-bundle.js", "text/javascript; charset=utf-8",
          "favicon-32x32.png", "image/png",
          "start.js", "text/javascript; charset=utf-8");

  private final String webJar;

  DocsCalls() {
    webJar = "/META-INF/resources/webjars/swagger-ui/" + version() + "/";
  }

  List<Route> routes() {
    return List.of(
        Route.get(
            "/openapi.json",
            exchange -> Reply.bytes("application/json", resource("/openapi.json"))),
        Route.get("/", exchange -> Reply.empty(302).with("Location", "/docs")),
        Route.get("/docs", exchange -> page()),
        Route.get("/docs/{file}", this::file));
  }

  private static Reply page() {
    return Reply.bytes("text/html; charset=utf-8", resource("/docs/index.html"))
        .with("Content-Security-Policy", POLICY);
  }

  private Reply file(Exchange exchange) {
    String name = exchange.parameter("file");
    String type = TYPES.get(name);
    if (type == null) {
      throw ProblemException.notFound("file");
    }
    String from = name.equals("start.js") ? "/docs/" : webJar;
    return Reply.bytes(type, resource(from + name)).with("Cache-Control", "max-age=3600");
  }

  private static String version() {
    byte[] properties = resource("/META-INF/maven/org.webjars/swagger-ui/pom.properties");
    return new String(properties, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith("version="))
        .map(line -> line.substring("version=".length()).strip())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the swagger-ui jar tells no version"));
  }

  private static byte[] resource(String path) {
    try (InputStream in = DocsCalls.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("missing in this build: " + path);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }
}
