/* Writes PDFs small enough to be understood: pages of A4 with lines of Helvetica at any place. Places are in points from
   the upper left corner. */
const [width, height] = [595, 842];
/* Helvetica is about so wide, in shares of its size. */
const letterWidth = 0.5;

export class Pdf {
  pages = [];

  newPage() {
    this.pages.push([]);
    return this;
  }

  text(x, y, text, size = 11) {
    const shown = text.replace(/[\\()]/g, '\\$&');
    this.pages.at(-1).push(`BT /F1 ${size} Tf 1 0 0 1 ${x} ${height - y} Tm (${shown}) Tj ET`);
    return this;
  }

  /** Wraps at the right margin, and answers where the next line goes. */
  paragraph(x, y, text, size = 11) {
    const lettersMax = Math.floor((width - 90 - x) / (size * letterWidth));
    const lines = [''];
    for (const word of text.split(' ')) {
      if (`${lines.at(-1)} ${word}`.length > lettersMax) lines.push('');
      lines.push(`${lines.pop()} ${word}`.trim());
    }
    for (const [index, line] of lines.entries()) this.text(x, y + index * size * 1.35, line, size);
    return y + lines.length * size * 1.35;
  }

  line(fromX, fromY, toX, toY) {
    this.pages.at(-1).push(`${fromX} ${height - fromY} m ${toX} ${height - toY} l S`);
    return this;
  }

  toBuffer() {
    const kids = this.pages.map((_, page) => `${4 + page * 2} 0 R`).join(' ');
    const objects = [
      '<< /Type /Catalog /Pages 2 0 R >>',
      `<< /Type /Pages /Kids [${kids}] /Count ${this.pages.length} >>`,
      '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ];
    for (const content of this.pages.map((page) => page.join('\n'))) {
      const own = `/Resources << /Font << /F1 3 0 R >> >> /Contents ${objects.length + 2} 0 R`;
      objects.push(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] ${own} >>`);
      objects.push(`<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
    }
    let pdf = '%PDF-1.4\n';
    const places = objects.map((object, index) => {
      const place = pdf.length;
      pdf += `${index + 1} 0 obj\n${object}\nendobj\n`;
      return place;
    });
    const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
    const size = objects.length + 1;
    pdf += `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${pdf.length}\n%%EOF\n`;
    return Buffer.from(pdf, 'latin1');
  }
}
