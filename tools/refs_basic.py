#!/usr/bin/env python3
"""What PHREEQC makes of small BASIC programs: writes tests/refs/basic/*.tsv.

usage: refs_basic.py DATABASE [DATABASE ...]

Needs the package phreeqc of PyPI (IPhreeqc with Python bindings). The first database serves the
programs below; of every database the rates named in RATES are integrated and their last
evaluation is kept. Fields are separated by tabs; in a field \\n \\t \\\\ stand for these characters.
"""
import pathlib
import re
import sys

from phreeqc import Phreeqc

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests/refs/basic"

WATER = """SOLUTION 1 mine water
    temp 15
    pH 6.2
    pe 3
    units mmol/kgw
    Na 1.5
    K 0.2
    Ca 4
    Mg 1
    Fe(2) 2
    Mn 0.1
    Al 1e-3
    Si 0.3
    Cl 1
    C(4) 3
    S(6) 6 charge
    O(0) 0.01
"""

# name, program. PRINT programs run in USER_PRINT, the others in USER_PUNCH.
LANGUAGE = [
    ("sign-binds-before-power", "10 PUNCH -2^2, 2^-2, -3 ^ 2, 2*-3, --4, -(2+3)^2"),
    ("power-from-the-right", "10 PUNCH 2^3^2, (2^3)^2, 2 * 3 ^ 2, 8^(1/3)"),
    ("power-of-zero-and-negatives", "10 PUNCH 0^0, 0^5, (-8)^3, (-2)^-2, (-1)^4, 10^-3, 1^1e9"),
    ("fractional-power-of-a-negative", "10 PUNCH 1\n20 PUNCH (-8)^0.5"),
    ("mod", "10 PUNCH 7 MOD 3, -7 MOD 3, 7.5 MOD 2, 5 MOD -3, -5 MOD -3, 2.5 MOD 1, 0 MOD 4, 6 MOD 3"),
    ("mod-of-zero", "10 PUNCH 5 MOD 0"),
    ("left-to-right", "10 PUNCH 10 / 4 / 5, 10 - 4 - 3, 5 MOD 3 * 2, 2 + 3 * 4 - 1, 2 * 3 / 4 * 5"),
    ("zero-divide", "10 PUNCH 1/0, -1 / 0, 0 / 5, 3 / (2 - 2) + 7"),
    ("not-a-number", "10 PUNCH LOG(0), SQRT(-1), 1e308 * 10, -1e308 * 10"),
    ("not-a-number-compared", "10 x = SQRT(-1)\n20 PUNCH x = x, x <> x, x < 1, x > 1, x <= 1, x >= 1"),
    ("bits", "10 PUNCH NOT 0, NOT 1, 3 AND 5, 3 OR 5, 3 XOR 5, 2.7 AND 3, -1 AND 7, NOT -3.6, 0.5 AND 1"),
    ("not-is-part-of-the-operand", "10 PUNCH NOT 1 = 1, NOT 1 < 0, NOT (1 = 1)"),
    ("comparisons", "10 PUNCH 1 < 2, 2 <= 1, 2 >= 2, 1 <> 1, 1 = 1, 1 > 2, 1 = 1 = 1, 3 > 2 > 1"),
    ("and-before-or", "10 PUNCH 1 OR 0 AND 0, (1 OR 0) AND 0, 1 < 2 AND 2 < 3, 1 XOR 1 OR 1"),
    ("text-comparisons", '10 PUNCH "a" < "b", "a" = "a", "a" <> "b", "B" < "a", "" = "", "ab" > "a", "b" >= "a"'),
    ("numbers", "10 PUNCH 1E3, .5, 5., 1e-3, 007, 123456789.125, 1.5E+2, 0.1+0.2, 1/3, 100000*100000"),
    ("number-then-name", "10 PUNCH 1d3, 1e"),
    ("functions", "10 PUNCH SQR(3), SQRT(16), EXP(1), LOG(10), LOG10(1000), SIN(1), COS(1), TAN(1), ARCTAN(1)\n"
                  "20 PUNCH ABS(-2.5), SGN(-2), SGN(0), SGN(7), CEIL(1.2), FLOOR(-1.2), CEIL(-1.5), FLOOR(3)"),
    ("functions-take-one-operand", "10 PUNCH SQR 3, SQRT 16 + 9, -SQR(2), EXP(1)^2, ABS -3, LOG10 100 * 2, SQRT SQRT 16, -ABS(-2)^2"),
    ("brackets", "10 PUNCH [1+2]*3, (4], SQR[2], ((((5))))"),
    ("case-does-not-matter", "10 Abc = 1 : aBC = abc + 1 : pUnCh ABC, sQr(AbC)"),
    ("unset-variables", "10 PUNCH a, b_c, d1, LEN(e$), f(3)"),
    ("names-of-twenty-characters", "10 abcdefghijklmnopqrstuvwxyz = 1\n20 PUNCH abcdefghijklmnopqrstuvw, abcdefghijklmnopqrs"),
    ("items-without-commas", "10 PUNCH 1 2 3, ,4\n20 PUNCH 5 -6 7"),
    ("let", '10 LET x = 5 : LET y$ = "t" : y = 2 : PUNCH x, y$, y'),
    ("lines-in-any-order", "30 PUNCH 3\n10 PUNCH 1\n20 PUNCH 2"),
    ("line-given-twice", "10 PUNCH 1\n20 PUNCH 2\n10 PUNCH 3"),
    ("line-taken-away", "10 PUNCH 1\n20 PUNCH 2\n10"),
    ("comments", "10 REM a remark : PUNCH 5\n20 PUNCH 1 # PUNCH 6\n# nothing\n30 PUNCH 2 : REM end"),
    ("joined-lines", "10 PUNCH 1, \\\n2, \\  \n3\n20 PUNCH 4"),
    ("semicolon-ends-a-line", "10 PUNCH 1; 20 PUNCH 2; 15 PUNCH 3"),
    ("colons", "10 : PUNCH 1 : : PUNCH 2 :\n20 IF 1 THEN : PUNCH 3"),
    ("if-then-else", "10 IF 1 THEN PUNCH 1 : PUNCH 2 ELSE PUNCH 3\n20 IF 0 THEN PUNCH 4 : PUNCH 5 ELSE PUNCH 6 : PUNCH 7\n"
                     "30 IF 0 THEN PUNCH 8 : PUNCH 9\n40 PUNCH 10"),
    ("if-in-if", "10 IF 0 THEN IF 1 THEN PUNCH 8 ELSE PUNCH 9 ELSE PUNCH 10\n20 IF 1 THEN IF 0 THEN PUNCH 1 ELSE PUNCH 2 ELSE PUNCH 3\n"
                 "30 IF 0 THEN a = 1 ELSE IF 0 THEN a = 2 ELSE IF 1 THEN a = 3 ELSE a = 4\n40 PUNCH a"),
    ("if-line-numbers", "10 IF 1 THEN 30\n20 PUNCH 1\n30 IF 0 THEN 20 ELSE 50\n40 PUNCH 2\n50 IF 2 > 1 THEN GOTO 70 ELSE GOTO 20\n"
                        "60 PUNCH 3\n70 IF NOT 1 THEN PUNCH 4\n80 PUNCH 5"),
    ("if-needs-a-number", '10 PUNCH 1\n20 IF "a" THEN 10'),
    ("goto", "10 GOTO 40 : PUNCH 1\n20 PUNCH 2\n30 END\n40 PUNCH 4 : GOTO 20\n50 PUNCH 5"),
    ("goto-worked-out", "10 x = 30\n20 GOTO x + 10\n30 PUNCH 3\n40 PUNCH 4\n50 IF x = 30 THEN 5 * 14\n60 PUNCH 6\n70 PUNCH 7"),
    ("goto-nowhere", "10 PUNCH 1\n20 GOTO 25\n30 PUNCH 3"),
    ("goto-nowhere-never-reached", "10 PUNCH 1\n20 IF 0 THEN GOTO 25\n30 PUNCH 3"),
    ("gosub", "10 GOSUB 100 : PUNCH 2\n20 GOSUB 50 + 50\n30 END\n100 PUNCH 1\n110 RETURN\n120 PUNCH 9"),
    ("gosub-in-gosub", "10 GOSUB 100\n20 PUNCH 3\n30 END\n100 GOSUB 200\n110 PUNCH 2\n120 RETURN\n200 PUNCH 1 : RETURN : PUNCH 9"),
    ("gosub-leaves-loops", "10 FOR i = 1 TO 2\n20 GOSUB 100\n30 NEXT i\n40 END\n100 FOR j = 1 TO 2 : PUNCH i, j : IF j = 1 THEN RETURN\n110 NEXT j"),
    ("return-alone", "10 PUNCH 1\n20 RETURN"),
    ("on-goto", "10 FOR k = 0 TO 4\n20 ON k GOTO 100, 200, 300\n30 PUNCH -k\n40 NEXT k\n50 END\n100 PUNCH 100\n110 GOTO 40\n"
                "200 PUNCH 200\n210 GOTO 40\n300 PUNCH 300\n310 GOTO 40"),
    ("on-gosub", "10 ON 2 GOSUB 100, 200 : PUNCH 5\n20 ON 1.4 GOSUB 100, 200\n30 PUNCH 6\n40 END\n100 PUNCH 1\n110 RETURN\n200 PUNCH 2\n210 RETURN"),
    ("for", "10 FOR i = 1 TO 3\n20 s = s + i\n30 NEXT i\n40 PUNCH s, i\n50 FOR k = 3 TO 1 STEP -1\n60 PUNCH k\n70 NEXT\n80 PUNCH k"),
    ("for-not-at-all", "10 FOR i = 5 TO 1\n20 PUNCH 99\n30 FOR j = 1 TO 2 : NEXT j\n40 NEXT i : PUNCH 1\n50 PUNCH i, j"),
    ("for-steps", "10 FOR i = 1 TO 2 STEP 0.25\n20 PUNCH i\n30 NEXT\n40 FOR z = 1 TO 3 STEP 0\n50 PUNCH 9\n60 NEXT z\n70 PUNCH z"),
    ("for-on-one-line", "10 FOR i = 1 TO 2 : FOR j = 1 TO 2 : PUNCH i, j : NEXT j : NEXT i : PUNCH 0"),
    ("for-changes-inside", "10 n = 3\n20 FOR i = 1 TO n\n30 n = 10\n40 PUNCH i\n50 IF i = 2 THEN i = 2.5\n60 NEXT i\n70 PUNCH i"),
    ("for-left-by-goto", "10 FOR i = 1 TO 3\n20 FOR j = 1 TO 3\n30 IF j = 2 THEN GOTO 50\n40 NEXT j\n50 NEXT i\n60 PUNCH i, j"),
    ("next-of-another-loop", "10 FOR i = 1 TO 2\n20 PUNCH i\n30 NEXT j"),
    ("next-alone", "10 NEXT"),
    ("for-without-next", "10 PUNCH 1\n20 FOR i = 2 TO 1\n30 PUNCH i"),
    ("for-without-next-runs-once", "10 FOR i = 1 TO 5\n20 PUNCH i"),
    ("while", "10 WHILE i < 3\n20 i = i + 1\n30 PUNCH i\n40 WEND\n50 PUNCH 9"),
    ("while-not-at-all", "10 WHILE 0\n20 PUNCH 1\n30 WHILE 1 : WEND\n40 WEND : PUNCH 2\n50 PUNCH 3"),
    ("while-in-while", "10 WHILE i < 2\n20 j = 0\n30 WHILE j < 2 : j = j + 1 : PUNCH i, j : WEND\n40 i = i + 1\n50 WEND"),
    ("wend-with-condition", "10 WHILE\n20 i = i + 1\n30 WEND i > 4\n40 PUNCH i\n50 WHILE i < 100\n60 i = i + 1\n70 WEND i = 7\n80 PUNCH i"),
    ("while-left-by-goto", "10 WHILE 1\n20 i = i + 1\n30 IF i = 4 THEN 60\n40 WEND\n60 PUNCH i"),
    ("wend-alone", "10 WEND"),
    ("while-without-wend", "10 WHILE 0\n20 PUNCH 3"),
    ("data", '10 DATA 1, -2, "x", 2*3\n20 READ a, b, c$, d\n30 RESTORE\n40 READ e\n50 PUNCH a, b, c$, d, e\n60 READ f : PUNCH f'),
    ("data-by-line", "10 RESTORE 40\n20 READ a : PUNCH a\n30 DATA 5\n40 DATA 6, 7\n50 RESTORE 30\n60 READ a, b, c : PUNCH a, b, c\n70 DATA 8"),
    ("data-from-variables", "10 x = 3\n20 READ a(1), a(2) : PUNCH a(1), a(2)\n30 DATA x, x^2 + a(1)"),
    ("data-used-up", "10 DATA 1\n20 READ a\n30 PUNCH a\n40 READ b"),
    ("restore-nowhere", "10 PUNCH 1\n20 RESTORE 99"),
    ("arrays", "10 a(3) = 5\n20 PUNCH a(3), a(0), a(10)\n30 DIM b(2,3), c(1), d(20)\n40 b(1,2) = 4 : d(20) = b(1,2) * 2\n"
               "50 PUNCH b(1,2), b(2,3), d(20), b(1.4,1.6)"),
    ("array-outside", "10 PUNCH a(10)\n20 PUNCH a(11)"),
    ("array-negative", "10 a(1) = 1\n20 PUNCH a(-1)"),
    ("array-too-many-subscripts", "10 a(1) = 1\n20 PUNCH a(1,2)"),
    ("array-made-twice", "10 DIM a(5)\n20 PUNCH 1\n30 DIM a(6)"),
    ("array-from-a-plain-variable", "10 a = 5\n20 a(1) = 7\n30 PUNCH a(1)\n40 PUNCH a"),
    ("array-erased", "10 x = 3 : x(2) = 4 : PUNCH x(2)\n20 ERASE x : PUNCH x\n30 DIM x(20) : PUNCH x(20)"),
    ("array-on-both-sides", "10 a(1) = 1 : a(2) = 2\n20 a(a(1)) = a(a(2)) + a(1)\n30 PUNCH a(1), a(2)"),
    ("array-sized-at-run-time", "10 n = 4\n20 DIM q(n * 3)\n30 FOR i = 0 TO n * 3 : q(i) = i^2 : NEXT i\n40 PUNCH q(12), q(11)"),
    ("text-arrays", '10 DIM a$(3)\n20 a$(1) = "q" : a$(3) = a$(1) + "w" : a$(1) = a$(3) + a$(1)\n30 PUNCH a$(1), a$(3), LEN(a$(2))\n'
                    '40 ERASE a$\n50 a$ = "plain"\n60 PUNCH a$'),
    ("text-functions", '10 a$ = "abcde"\n20 PUNCH MID$(a$,2), MID$(a$,2,1), MID$(a$,0,2), MID$(a$,-3,2), MID$(a$,2,100), LEN(a$)\n'
                       '30 PUNCH INSTR(a$,"cd"), INSTR(a$,"x"), INSTR("abc",""), ASC("A"), ASC(""), CHR$(66)'),
    ("text-blanks", '10 PUNCH TRIM("  a b  ") + "|", LTRIM("  a ") + "|", RTRIM(" a  ") + "|", PAD("x",4) + "|", PAD$("abc",2), PAD("",3) + "|"'),
    ("text-beyond-ascii", '10 PUNCH LEN("é"), ASC("é"), MID$("aé", 2)'),
    ("text-quotes", "10 PUNCH \"it's\", 'say \"hi\"'"),
    ("text-from-numbers", "10 PUNCH STR$(3), STR$(3.5), STR$(1e15), STR$(-1e-5), STR$(0.1), STR$(-0), STR$(1e20), STR$(-12)"),
    ("text-from-numbers-again", "10 PUNCH STR$(3), STR$(3.5), STR$(-1e-5), STR$(1/3), STR$(1e25), LEN(STR$(2))"),
    ("text-formats", "10 PUNCH STR_E$(1.23456,20,10), STR_F$(1.23456,10,2), STR_F$(2/3,-10,3)+\"|\", STR_E$(2/3,0,2), STR_F$(1.5,5,0), STR_F$(-1e10,3,1), STR_F$(1.25,8.9,1.9)"),
    ("text-to-numbers", '10 PUNCH VAL("3.5"), VAL("-3"), VAL("1e3"), VAL(" 4 "), VAL("3 apples"), VAL("2+3*4"), VAL("(1+2)*3"), VAL("2^3"), VAL(""), VAL("abc")'),
    ("text-joined-long", '10 FOR i = 1 TO 30 : a$ = a$ + "0123456789" : NEXT i\n20 PUNCH LEN(a$), a$'),
    ("text-plus-number", '10 PUNCH 1\n20 PUNCH "a" + 1'),
    ("text-into-number", '10 PUNCH 1\n20 x = "a"'),
    ("number-into-text", "10 PUNCH 1\n20 x$ = 5"),
    ("text-times-number", '10 PUNCH 1\n20 PUNCH "a" * 2'),
    ("text-compared-with-number", '10 PUNCH 1\n20 PUNCH "a" = 2'),
    ("end-of-line-text", "10 PUNCH 5, EOL$, 6"),
    ("end-of-line-without-tab", "10 PUNCH 5, EOL_NOTAB$, 6, EOL$"),
    ("no-newline", '10 PUNCH 5, NO_NEWLINE$, "kept"'),
    ("memory", '10 PUT(5, 1, 2) : PUT(7) : PUT(8, -3, 1.6)\n20 PUNCH GET(1,2), GET(1,3), EXISTS(1,2), EXISTS(9), GET(), GET(-3,2)\n'
               '30 PUT$("text", 4) : PUT(9, 4)\n40 PUNCH GET$(4), GET$(5), GET(4), EXISTS(4), EXISTS(5)\n50 PUT(6, 1, 2)\n60 PUNCH GET(1,2)'),
    ("end-stops", "10 PUNCH 1\n20 END\n30 PUNCH 2"),
    ("end-inside-if", "10 FOR i = 1 TO 9\n20 PUNCH i\n30 IF i = 3 THEN END\n40 NEXT i"),
    ("stop-fails", "10 PUNCH 1\n20 STOP\n30 PUNCH 2"),
    ("save-gives-nothing-out", "10 SAVE 5\n20 PUNCH 1"),
    ("open-text", '10 PUNCH "abc'),
    ("too-many-parentheses", "10 PUNCH (1+2))"),
    ("too-few-parentheses", "10 PUNCH ((1+2)"),
    ("assignment-without-sign", "10 a b = 3"),
    ("then-is-missing", "10 IF 1 PUNCH 2"),
    ("go-to-in-two-words", "10 GO TO 30\n30 PUNCH 1"),
    ("strange-character", "10 PUNCH 1\n20 x = 1 @ 2"),
    ("input", "10 INPUT a"),
    ("sieve", "10 n = 50\n20 DIM p(50)\n30 FOR i = 2 TO n : p(i) = 1 : NEXT i\n40 FOR i = 2 TO n\n50 IF p(i) = 0 THEN 90\n60 PUNCH i\n"
              "70 IF i * i > n THEN 90\n80 FOR j = i * i TO n STEP i : p(j) = 0 : NEXT j\n90 NEXT i"),
    ("newton", "10 x = 1\n20 WHILE ABS(x * x - 2) > 1e-12\n30 x = (x + 2 / x) / 2\n40 k = k + 1\n50 WEND\n60 PUNCH x, k"),
    ("sorting", "10 DATA 5, 3, 9, 1, 7\n20 FOR i = 1 TO 5 : READ a(i) : NEXT i\n30 FOR i = 1 TO 4 : FOR j = 1 TO 5 - i\n"
                "40 IF a(j) > a(j+1) THEN t = a(j) : a(j) = a(j+1) : a(j+1) = t\n50 NEXT j : NEXT i\n60 FOR i = 1 TO 5 : PUNCH a(i) : NEXT i"),
    ("wend-reached-by-goto", "10 WHILE i < 2\n20 i = i + 1\n30 GOTO 60\n40 WEND\n50 PUNCH 5 : END\n60 PUNCH i\n70 WEND\n80 PUNCH 8"),
    ("loop-entered-in-the-middle", "10 GOTO 30\n20 FOR i = 1 TO 3\n30 k = k + 1\n40 IF k > 1 THEN NEXT i ELSE GOTO 20\n50 PUNCH i, k"),
    ("else-ends-the-line", "10 IF 1 THEN PUNCH 1 ELSE PUNCH 2 : PUNCH 3\n20 FOR i = 1 TO 2 : IF i = 1 THEN PUNCH 4 ELSE PUNCH 5\n30 NEXT i : PUNCH 6"),
    ("for-skipped-to-an-else", "10 IF 1 THEN FOR i = 2 TO 1 : PUNCH 9 : NEXT i ELSE PUNCH 8\n20 PUNCH 1"),
    ("tokens-after-goto", "10 GOTO 30 what ever 5\n20 PUNCH 2\n30 IF 1 THEN 50 more words ELSE 20\n40 PUNCH 4\n50 PUNCH 5"),
    ("print-items", '10 PRINT 1, "a", 2.5\n20 PRINT 1,\n30 PRINT 2\n40 PRINT\n50 PRINT "x" "y"\n60 PRINT 1e-20, 1e20, -3'),
    ("print-no-newline", '10 PRINT "no", NO_NEWLINE$\n20 PRINT "after"\n30 PRINT NO_NEWLINE$, "hidden"\n40 PRINT "z"'),
    ("print-whole-numbers", "10 PRINT 5 MOD 3 * 2, 2 * 3 ^ 2, 1e11, 1e12, 123456789012, 0.5, -0"),
    ("print-question-mark", '10 ? 1 : ? "two"'),
    ("print-numbers-near-one", "10 PRINT 0.99999, 0.999999, 1.00001, 99999.5, 1e5 + 0.25"),
]

# programs that ask about the water: what they ask stands in CALLS
WATER_PROGRAMS = [
    ("mg-per-litre", '10 PUNCH TOT("Ca") * 40.08 * 1000, TOT("Fe(2)") * 55.85e3, TOT("S(6)") * 96.06 * 1000'),
    ("one-operand-each", '10 PUNCH TOT "Ca" * 2, LA("H+") + 1, -LA("H+"), SI "Calcite" < 0, 10^LA("H+") - ACT("H+")'),
    ("names-put-together", '10 e$ = "C" : e$ = e$ + "a"\n20 PUNCH TOT(e$), TOT("C" + "a"), MOL(e$ + "+2")'),
    ("alkalinity", '10 PUNCH ALK, MU, TC, TK, TK - TC\n20 IF SR("Calcite") < 1 THEN PUNCH 1 - SR("Calcite") ELSE PUNCH 0'),
    ("log-and-molality", '10 PUNCH LM("Ca+2"), LOG10(MOL("Ca+2")), LG("Ca+2"), GAMMA("Ca+2"), LK_PHASE("Calcite")'),
    ("formula", '10 PUNCH PHASE_FORMULA$("Calcite"), GFW(PHASE_FORMULA$("Calcite")), GFW("CaCO3")'),
    ("table-of-species", '10 t = SYS("Ca", n, name$, type$, moles)\n20 FOR i = 1 TO n\n30 IF MID$(type$(i),1,2) <> "aq" THEN 60\n'
                         '40 s = s + moles(i)\n50 PUNCH name$(i), moles(i) / t\n60 NEXT i\n70 PUNCH n, s'),
    ("formula-taken-apart", '10 f$ = PHASE_FORMULA$("Calcite", n, e$, k)\n20 PUNCH f$, n\n30 FOR i = n TO 1 STEP -1 : PUNCH e$(i), k(i) : NEXT i'),
    ("first-order-oxidation", '10 fe = TOT("Fe(2)") : IF fe <= 0 THEN GOTO 200\n20 k = 2.91e-9 + 1.33e12 * ACT("OH-")^2 * SR("O2(g)")\n'
                              '30 r = k * fe * 3600\n200 PUNCH r, k'),
]
CALLS = ['TOT("Ca")', 'TOT("Fe(2)")', 'TOT("S(6)")', 'LA("H+")', 'ACT("H+")', 'ACT("OH-")', 'SI("Calcite")', 'SR("Calcite")',
         'SR("O2(g)")', 'MOL("Ca+2")', "ALK", "MU", "TC", "TK", 'LM("Ca+2")', 'LG("Ca+2")', 'GAMMA("Ca+2")',
         'LK_PHASE("Calcite")', 'PHASE_FORMULA$("Calcite")', 'GFW("CaCO3")']
LISTS = {'SYS("Ca"': ("name$", "type$", "moles"), 'PHASE_FORMULA$("Calcite"': ("name$", "moles")}

# rate: parameters, moles at the start, further lines of KINETICS, time in seconds
RATES = {
    "K-feldspar": ("1.36e4 0.1", 2.18, "", 1e5), "Albite": ("1.36e4 0.1", 0.43, "", 1e5),
    "Calcite": ("50 0.6", 3e-2, "", 3600), "Pyrite": ("-5.0 0.1 0.5 -0.11", 5e-4, "", 1e4),
    "Organic_C": ("", 5e-3, "-formula CH2O 1", 1e5), "Pyrolusite": ("", 0.1, "", 1e4),
}
CALL = re.compile(r'\b(?:TOT|MOL|ACT|LA|LM|SI|SR|EQUI|KIN)\s*\(\s*"[^"]*"\s*\)|\bPARM\s*\(\s*\d+\s*\)', re.I)
WORD = re.compile(r"(?<![\w$])(?:M0|M|TIME|TK|TC|MU|ALK|SOLN_VOL)(?![\w$])", re.I)



def escape(text):
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def run(database, text):
    p = Phreeqc()
    p.LoadDatabase(str(database))
    p.SetSelectedOutputStringOn(True)
    p.SetOutputStringOn(True)
    p.SetErrorStringOn(True)
    failed = p.RunString(text) != 0
    return p, failed


def values_of(p):
    """Punched values in order: numbers with all digits, T for a text."""
    table = p.GetSelectedOutput()
    return ["T" if isinstance(column[-1], str) else repr(float(column[-1]))
            for column in table.values()]


def run_program(database, program, high):
    prints = "PRINT" in program.upper() or "?" in program
    block = "USER_PRINT" if prints else "USER_PUNCH"
    p, failed = run(database, f"{WATER}SELECTED_OUTPUT 1\n-reset false\n"
                    f"-high_precision {'true' if high else 'false'}\n{block}\n-start\n{program}\n-end\nEND\n")
    if prints:
        found = re.search(r"-+User print-+\n\n(.*?)\n-+Solution composition", p.GetOutputString(), re.S)
        return failed, "", found.group(1) if found else ""
    punched = p.GetSelectedOutputString()[1:]
    punched = punched[:-1] if punched.endswith("\n") and "NO_NEWLINE$" not in program else punched
    return failed, "" if failed else ",".join(values_of(p)), punched


def write(name, head, columns, rows):
    lines = [f"# {line}" for line in head] + ["\t".join(columns)]
    lines += ["\t".join(escape(str(field)) for field in row) for row in rows]
    (OUT / name).write_text("\n".join(lines) + "\n")


def programs(database, name, table, head):
    rows = []
    for title, program in table:
        high = len(rows) % 2
        failed, values, output = run_program(database, program, high)
        rows.append((title, high, program, "error" if failed else "ok", values, output))
    write(name, head, ("name", "high_precision", "program", "outcome", "values", "output"), rows)


def calls(database, head):
    rows = []
    for call in CALLS:
        p, failed = run(database, f"{WATER}SELECTED_OUTPUT 1\n-reset false\nUSER_PUNCH\n-start\n10 PUNCH {call}\n-end\nEND\n")
        assert not failed, call
        value = next(iter(p.GetSelectedOutput().values()))[-1]
        rows.append((key(call), value if isinstance(value, str) else repr(float(value))))
    for call, variables in LISTS.items():
        items = ", ".join(f"{v}(i)" for v in variables)
        p, failed = run(database, f"{WATER}SELECTED_OUTPUT 1\n-reset false\nUSER_PUNCH\n-start\n"
                        f"10 IF {1 if 'SYS' in call else 0} THEN t = {call}, n, name$, type$, moles) ELSE t$ = "
                        f"{call.replace('SYS', 'PHASE_FORMULA$')}, n, name$, moles)\n20 PUNCH t, t$\n"
                        f"30 FOR i = 1 TO n\n40 PUNCH {items}\n50 NEXT i\n-end\nEND\n")
        assert not failed, call
        values = [c[-1] for c in p.GetSelectedOutput().values()]
        rows.append((key(call + ")") + "|list", "|".join(v.strip() if isinstance(v, str) else repr(float(v)) for v in values)))
    write("calls.tsv", head, ("call", "value"), rows)


def key(call):
    """TOT("Ca") is tot|Ca, M0 is m0"""
    name, _, rest = call.partition("(")
    return name.strip().lower() + (("|" + rest.rstrip(") ").strip().strip('"')) if rest else "")


def rate_blocks(database):
    text = re.search(r"^RATES\b(.*?)^(?:END|[A-Z_]{6,})\s*$", database.read_text(errors="replace") + "\nEND\n", re.S | re.M)
    return re.findall(r"^\s*([A-Za-z][\w-]*)\s*\n\s*-start\s*\n(.*?)^\s*-end", text.group(1) if text else "", re.S | re.M | re.I)


def last_evaluation(database, name, program):
    """The rate with statements that keep what it asked and what it saved."""
    lines = [re.sub(r"#.*", "", line).strip() for line in program.splitlines()]
    lines = [line for line in lines if line and not re.match(r"\d+\s+REM\b", line, re.I)]
    lines.sort(key=lambda line: int(line.split()[0]))
    text = "\n".join(lines)
    asked = sorted({re.sub(r"\s", "", m) for m in CALL.findall(text) + WORD.findall(re.sub(r'"[^"]*"', "", text))})
    puts = " : ".join(f"PUT({call}, {i + 1})" for i, call in enumerate(asked))
    number, statement = lines[0].split(None, 1)
    kept = "\n".join([f"{number} {puts} : {statement}"] + lines[1:])
    kept = re.sub(r"\bSAVE\s+(.*)", lambda m: f"SAVE {m.group(1)} : PUT({m.group(1)}, 999)", kept, flags=re.I)
    parms, m0, extra, seconds = RATES[name]
    parm_line = f"-parms {parms}" if parms else ""
    gets = ", ".join(f"GET({i + 1})" for i in range(len(asked)))
    p, failed = run(database, f"{WATER}RATES\n{name}\n-start\n{kept}\n-end\n"
                    f"KINETICS 1\n{name}\n-m0 {m0}\n{extra}\n{parm_line}\n-steps {seconds}\n"
                    f"SELECTED_OUTPUT 1\n-reset false\nUSER_PUNCH\n-start\n10 PUNCH GET(999), {gets}\n-end\nEND\n")
    assert not failed, (name, p.GetErrorString())
    values = [repr(float(column[-1])) for column in p.GetSelectedOutput().values()]
    return values[0], " ".join(f"{key(call)}={value}" for call, value in zip(asked, values[1:]))


def main(databases):
    made = (f"PHREEQC {Phreeqc().GetVersionString()}, values as IPhreeqc returns them",
            "made by tools/refs_basic.py; fields escape \\n \\t \\\\")
    first = (f"database {databases[0].name}",)
    programs(databases[0], "language.tsv", LANGUAGE, made)
    programs(databases[0], "water.tsv", WATER_PROGRAMS, made + first)
    calls(databases[0], made + first)
    rows = []
    for database in databases:
        for name, program in rate_blocks(database):
            if name in RATES:
                saved, asked = last_evaluation(database, name, program)
                rows.append((database.name, name, saved, asked))
    write("rates.tsv", made + ("the last evaluation of a rate in an integration: what it saved, what it asked",),
          ("database", "rate", "saved", "asked"), rows)


if __name__ == "__main__":
    main([pathlib.Path(argument) for argument in sys.argv[1:]])
