package io.carillon.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is printed: remarks at once, one table, and the last line. For one thread. */
final class Page {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrintStream out;
  private final List<List<String>> rows = new ArrayList<>();

  Page(PrintStream out) {
    this.out = out;
  }

  /** A line for whoever watches. */
  void remark(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }

  /** A row of the table; the first one is its head. */
  void row(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(cell instanceof Double number ? rounded(number) : String.valueOf(cell));
    }
    rows.add(row);
  }

  /** Prints the rows collected so far, in columns, and forgets them. */
  void table() {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    rows.forEach(
        row -> {
          for (int i = 0; i < row.size(); i++) {
            widths[i] = Math.max(widths[i], row.get(i).length());
          }
        });
    out.println();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        String format = i == 0 ? "%-" + widths[i] + "s" : "  %" + widths[i] + "s";
        line.append(String.format(Locale.ROOT, format, row.get(i)));
      }
      out.println(line.toString().stripTrailing());
    }
    out.println();
    out.flush();
    rows.clear();
  }

  /** The figures as one line of JSON. */
  void last(Map<String, Object> figures) {
    try {
      out.println(JSON.writeValueAsString(figures));
      out.flush();
    } catch (JsonProcessingException fault) {
      throw new BenchFault("The figures are no JSON", fault);
    }
  }

  private static String rounded(double number) {
    if (Double.isNaN(number)) {
      return "-";
    }
    double size = Math.abs(number);
    String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.4f";
    return String.format(Locale.ROOT, format, number);
  }
}
