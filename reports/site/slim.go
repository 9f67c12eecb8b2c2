package site

import "bytes"

// slim writes quotation marks as they are where they mean nothing to HTML: in the text between tags. Templates escape
// them everywhere, and messages are full of them. Scripts and styles are left as they are.
func slim(page []byte) []byte {
	slimmed := make([]byte, 0, len(page))
	for len(page) > 0 {
		text, rest := cut(page, '<', 0)
		slimmed = appendPlain(slimmed, text)
		tag, after := cut(rest, '>', 1)
		slimmed, page = append(slimmed, tag...), after
		if bytes.HasPrefix(tag, []byte("<script")) || bytes.HasPrefix(tag, []byte("<style")) {
			raw, closing := page, []byte(nil)
			if at := bytes.Index(page, []byte("</s")); at >= 0 {
				raw, closing = page[:at], page[at:]
			}
			slimmed, page = append(slimmed, raw...), closing
		}
	}
	return slimmed
}

// cut splits a text before a byte, or extra bytes later; there is no rest when it does not hold the byte.
func cut(text []byte, at byte, extra int) (before, rest []byte) {
	i := bytes.IndexByte(text, at)
	if i < 0 {
		return text, nil
	}
	return text[:i+extra], text[i+extra:]
}

// appendPlain appends a text with its quotation marks as they are.
func appendPlain(page, text []byte) []byte {
	for len(text) > 0 {
		i := bytes.Index(text, []byte("&#3"))
		if i < 0 {
			break
		}
		mark, known := byte(0), true
		switch {
		case bytes.HasPrefix(text[i:], []byte("&#34;")):
			mark = '"'
		case bytes.HasPrefix(text[i:], []byte("&#39;")):
			mark = '\''
		default:
			known = false
		}
		if page = append(page, text[:i]...); known {
			page, text = append(page, mark), text[i+len("&#34;"):]
		} else {
			page, text = append(page, text[i:i+3]...), text[i+3:]
		}
	}
	return append(page, text...)
}
