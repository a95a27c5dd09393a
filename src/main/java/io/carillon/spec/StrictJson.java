package io.carillon.spec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Reads and writes JSON so that nothing is lost or guessed (RFC 8259; RFC 7493 for duplicate names
 * and lone surrogates). Numbers are exact: int, long, big integer or big decimal. Nesting at most
 * 32, strings at most 1 Mi characters, numbers at most 400. Thread-safe.
 */
public final class StrictJson {
  private static final int DEEPEST = 32;
  private static final int LONGEST_NUMBER = 400;
  private static final int LONGEST_STRING = 1 << 20;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST + 1)
                  .maxStringLength(LONGEST_STRING)
                  .maxNumberLength(LONGEST_STRING)
                  .build())
          .build()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS.mappedFeature());
  private static final ObjectMapper WRITER = JsonMapper.builder(FACTORY).build();

  private StrictJson() {}

  /**
   * Reads a request's body.
   *
   * @throws UnreadableJson if it is anything but one JSON object in UTF-8
   */
  public static ObjectNode read(byte[] body) {
    JsonNode node = tree(decoded(body));
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new UnreadableJson(
        "json_type", "the body must be a JSON object, not " + Fields.kind(node), "");
  }

  /**
   * Reads any JSON value.
   *
   * @throws UnreadableJson if it is none
   */
  public static JsonNode tree(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      try {
        if (parser.nextToken() == null) {
          throw new UnreadableJson("json_empty", "the body is empty", "");
        }
        JsonNode node = value(parser, 0);
        if (hasMore(parser)) {
          throw at("json_trailing", "something follows the JSON value", parser.currentLocation());
        }
        return node;
      } catch (StreamConstraintsException e) {
        throw at("json_too_long", "a string or name is too long", parser.currentLocation());
      } catch (JsonProcessingException e) {
        // half a surrogate pair in a name is found by the parser itself
        throw String.valueOf(e.getOriginalMessage()).contains("surrogate")
            ? at("json_encoding", "a name holds half of a surrogate pair", e.getLocation())
            : at("json_syntax", "not JSON", e.getLocation());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
  }

  /** An empty object whose numbers stay exact. */
  public static ObjectNode object() {
    return NODES.objectNode();
  }

  /** Compact JSON. */
  public static String text(JsonNode node) {
    try {
      return WRITER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  private static String decoded(byte[] body) {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(body))
              .toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new UnreadableJson("json_encoding", "the body is not UTF-8", "");
    }
  }

  private static boolean hasMore(JsonParser parser) throws IOException {
    try {
      return parser.nextToken() != null;
    } catch (JsonProcessingException e) {
      return true;
    }
  }

  private static JsonNode value(JsonParser parser, int depth) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, deeper(parser, depth));
      case START_ARRAY -> array(parser, deeper(parser, depth));
      case VALUE_STRING -> NODES.textNode(checked(parser, parser.getText()));
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> decimal(parser);
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      default -> throw at("json_syntax", "not JSON", parser.currentLocation());
    };
  }

  private static int deeper(JsonParser parser, int depth) {
    if (depth == DEEPEST) {
      throw at("json_too_deep", "nested deeper than " + DEEPEST, parser.currentLocation());
    }
    return depth + 1;
  }

  private static ObjectNode object(JsonParser parser, int depth) throws IOException {
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = checked(parser, parser.currentName());
      if (object.has(name)) {
        throw new UnreadableJson(
            "json_duplicate_key", "'" + shortened(name) + "' is there twice", pointer(parser));
      }
      parser.nextToken();
      object.set(name, value(parser, depth));
    }
    return object;
  }

  private static ArrayNode array(JsonParser parser, int depth) throws IOException {
    ArrayNode array = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser, depth));
    }
    return array;
  }

  private static JsonNode integer(JsonParser parser) throws IOException {
    String digits = digits(parser);
    if (digits.length() < 10) {
      return NODES.numberNode(Integer.parseInt(digits));
    }
    BigInteger value = new BigInteger(digits);
    if (value.bitLength() < 32) {
      return NODES.numberNode(value.intValue());
    }
    return value.bitLength() < 64 ? NODES.numberNode(value.longValue()) : NODES.numberNode(value);
  }

  private static JsonNode decimal(JsonParser parser) throws IOException {
    if (parser.isNaN()) {
      throw number(parser, "is not a JSON number");
    }
    String digits = digits(parser);
    double rough = Double.parseDouble(digits);
    if (Double.isInfinite(rough)) {
      throw number(parser, "is too large");
    }
    if (rough == 0) {
      return NODES.numberNode(BigDecimal.ZERO);
    }
    return NODES.numberNode(new BigDecimal(digits));
  }

  private static String digits(JsonParser parser) throws IOException {
    if (parser.getTextLength() > LONGEST_NUMBER) {
      throw number(parser, "has more than " + LONGEST_NUMBER + " characters");
    }
    return parser.getText();
  }

  private static String checked(JsonParser parser, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new UnreadableJson(
            "json_encoding", "a string holds half of a surrogate pair", pointer(parser));
      }
    }
    return text;
  }

  private static UnreadableJson number(JsonParser parser, String what) {
    return new UnreadableJson("json_number", "a number " + what, pointer(parser));
  }

  private static UnreadableJson at(String code, String what, JsonLocation location) {
    String place =
        location == null
            ? ""
            : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    return new UnreadableJson(code, what + place, "");
  }

  private static String pointer(JsonParser parser) {
    return parser.getParsingContext().pathAsPointer().toString();
  }

  private static String shortened(String name) {
    return name.length() <= 60 ? name : name.substring(0, 60) + "…";
  }
}
