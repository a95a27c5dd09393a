package io.carillon;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A runnable block of README.md: the fence says {@code sh run}, or {@code sh run keys} for the
 * server that was started with API keys. The block that follows, if its fence says {@code output},
 * is what it prints.
 *
 * @param line where the block begins, for messages
 * @param output null if the README shows none
 */
record ReadmeBlock(int line, boolean withKeys, String command, @Nullable String output) {
  private static final String FENCE = "```";

  /** A fenced block, runnable or not. */
  private record Fenced(int line, String info, String text) {}

  /** The runnable blocks, in order. */
  static List<ReadmeBlock> of(String markdown) {
    List<Fenced> all = fenced(markdown);
    List<ReadmeBlock> runnable = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Fenced block = all.get(i);
      if (!block.info().startsWith("sh run")) {
        continue;
      }
      Fenced next = i + 1 < all.size() ? all.get(i + 1) : null;
      String output = next != null && next.info().endsWith(" output") ? next.text() : null;
      boolean withKeys = block.info().equals("sh run keys");
      runnable.add(new ReadmeBlock(block.line(), withKeys, block.text(), output));
    }
    return runnable;
  }

  /** The commands of all blocks that a reader would type, runnable or not. */
  static List<String> commands(String markdown) {
    return fenced(markdown).stream()
        .filter(block -> block.info().startsWith("sh"))
        .flatMap(block -> block.text().lines())
        .toList();
  }

  private static List<Fenced> fenced(String markdown) {
    List<Fenced> all = new ArrayList<>();
    List<String> lines = markdown.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith(FENCE)) {
        int begin = i;
        List<String> text = new ArrayList<>();
        for (i++; i < lines.size() && !lines.get(i).equals(FENCE); i++) {
          text.add(lines.get(i));
        }
        String info = lines.get(begin).substring(FENCE.length()).strip();
        all.add(new Fenced(begin + 1, info, String.join("\n", text)));
      }
    }
    return all;
  }

  /** Whether it may be run again without changing anything: it reads, waits and prints. */
  boolean reads() {
    return command
        .lines()
        .noneMatch(line -> line.matches(".*\\s(-X|-d|-T|--data.*|--request)\\b.*"));
  }
}
